// What each Java program prints, brought to the words of the catalogues.

/** @typedef {Record<string, Record<string, any>>} Settings facts by the name of the setting */

/** The tables of one release, by system. */
export const normalize = { kafka: normalizeKafka, cassandra: normalizeCassandra, spark: normalizeSpark };

function normalizeKafka(tables) {
  return mapTables(tables, ({ type, values = [], min, max, importance, mode, anyCase, default: fallback }) => ({
    type,
    ...(fallback === undefined ? {} : { default: fallback }),
    importance,
    ...(mode ? { mode } : {}),
    ...(anyCase ? { anyCase } : {}),
    ...(values.length > 0 ? { values: sorted(values) } : {}),
    ...bounds(min, max),
  }));
}

/** Units that values of the older name of a setting are in. */
const UNITS = [
  [/MILLIS/, 'ms'],
  [/SECONDS_(?:CUSTOM_)?DURATION/, 's'],
  [/MINUTES/, 'm'],
  [/MEBIBYTES_PER_SECOND/, 'MiB/s'],
  [/MEGABITS/, undefined],
  [/LONG_BYTES|^BYTES|_BYTES/, 'B'],
  [/KIBIBYTES/, 'KiB'],
  [/MEBIBYTES/, 'MiB'],
];

/** The smallest unit a setting may be written in, by the class of its field. */
const SMALLEST = [
  [/Nanoseconds/, 'ns'],
  [/Milliseconds/, 'ms'],
  [/Seconds/, 's'],
  [/Minutes/, 'm'],
  [/BytesBound/, 'B'],
  [/Kibibytes/, 'KiB'],
  [/Mebibytes/, 'MiB'],
];

/** Defaults that stand for none. */
const NOTHING = /^(?:\[\]|NaN|.*E308)$/;

const firstOf = (table, text) => table.find(([pattern]) => pattern.test(text))?.[1];

function normalizeCassandra(tables) {
  return mapTables(tables, ({ type, values, smallestUnit, converter, replacedBy, default: fallback, ...facts }) => {
    const unit = firstOf(UNITS, converter ?? '');
    const smallest = firstOf(SMALLEST, smallestUnit ?? '');
    const isSameValue = converter === 'IDENTITY';
    return {
      type: type === 'enum' ? 'string' : type,
      ...(fallback === undefined || NOTHING.test(fallback) ? {} : { default: fallback }),
      ...facts,
      ...(values ? { values, anyCase: true } : {}),
      ...(smallest ? { smallest } : {}),
      ...(replacedBy ? { replacedBy, ...(isSameValue ? { unit: '' } : unit ? { unit } : {}) } : {}),
    };
  });
}

function normalizeSpark({ spark, deprecated }) {
  const { spark: settings = {} } = mapTables({ spark }, (facts) => {
    const { type, default: fallback, since, values = [], min, max, above, anyCase, internal } = facts;
    const words = new Set(values).size === values.length ? values : [];
    // A default in the working directory of the program is that of this machine only.
    const isPlain = fallback !== undefined && !/^<.*>$/.test(fallback) && !fallback.includes(process.cwd());
    return {
      type: type === 'enum' ? 'string' : type,
      ...(isPlain ? { default: fallback } : {}),
      ...(words.length > 0 ? { values: sorted(words) } : {}),
      ...(since === '' ? {} : { since: minorOf(since) }),
      ...Object.fromEntries(
        Object.entries({ min, max, above, anyCase, internal }).filter(([, fact]) => fact !== undefined),
      ),
    };
  });
  const older = { ...alternativesOf(spark), ...deprecated };
  for (const [name, { removed, deprecated: outdated, replacedBy, isTranslated }] of Object.entries(older)) {
    settings[name] = {
      ...(settings[name] ?? { type: 'string' }),
      ...(replacedBy && replacedBy !== name ? { replacedBy, ...(isTranslated === false ? { unit: '' } : {}) } : {}),
      ...(outdated ? { deprecatedIn: minorOf(outdated) } : {}),
      ...(removed ? { removedIn: minorOf(removed) } : {}),
    };
  }
  return { spark: settings };
}

/** Older names that an entry reads as well. */
function alternativesOf(spark) {
  return Object.fromEntries(
    Object.entries(spark).flatMap(([replacedBy, { alternatives = [] }]) =>
      alternatives.map((name) => [name, { replacedBy, isTranslated: false }]),
    ),
  );
}

/** @param {string[]} words */
function sorted(words) {
  return words.toSorted((a, b) => (a < b ? -1 : 1));
}

export function minorOf(version) {
  return version.split('.').slice(0, 2).join('.');
}

/** Bounds of the type itself say nothing. */
function bounds(min, max) {
  const isBound = (value) => typeof value === 'number' && Math.abs(value) < 2 ** 31 - 1;
  return { ...(isBound(min) ? { min } : {}), ...(isBound(max) ? { max } : {}) };
}

/** @returns {Record<string, Settings>} */
function mapTables(tables, change) {
  return Object.fromEntries(
    Object.entries(tables).map(([table, settings]) => [
      table,
      Object.fromEntries(Object.entries(settings).map(([name, facts]) => [name, change(facts)])),
    ]),
  );
}
