const MS_OF_DAY = 86_400_000;
/** Days from the 1st of March of the year 0 to the 1st of January 1970. */
const DAYS_TO_1970 = 719_468;
const DAYS_OF_400_YEARS = 146_097;

/** A moment as RFC 3339 in UTC, with milliseconds: `2026-11-26T02:05:07.040Z`. Milliseconds since 1970. */
export function formatTime(at: number): string {
  const days = Math.floor(at / MS_OF_DAY);
  const rest = Math.floor(at - days * MS_OF_DAY);
  const { year, month, day } = dateOf(days);
  const clock = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60, Math.floor(rest / 1000) % 60];
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  return `${date}T${clock.map(two).join(':')}.${String(rest % 1000).padStart(3, '0')}Z`;
}

/** The day of the Gregorian calendar. Years are counted from March, so that the day which leap years add is their last. */
function dateOf(daysSince1970: number): { readonly year: number; readonly month: number; readonly day: number } {
  const days = daysSince1970 + DAYS_TO_1970;
  const era = Math.floor(days / DAYS_OF_400_YEARS);
  const dayOfEra = days - era * DAYS_OF_400_YEARS;
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1 };
}

const two = (value: number): string => String(value).padStart(2, '0');
