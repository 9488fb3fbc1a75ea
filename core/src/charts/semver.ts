/** Versions as github.com/Masterminds/semver v3 reads them: parts may be missing. */
const VERSION =
  /^v?\d+(?:\.\d+)?(?:\.\d+)?(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** Whether Helm takes a text as the version of a chart. */
export function isChartVersion(text: string): boolean {
  if (!VERSION.test(text)) return false;
  const prerelease = /-([0-9A-Za-z-.]+)/.exec(text.replace(/\+.*$/, ''))?.[1] ?? '';
  return !prerelease.split('.').some((part) => /^0\d+$/.test(part));
}

const PART = '[0-9xX*]+';
const SIMPLE = `v?${PART}(?:\\.${PART})?(?:\\.${PART})?(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?`;
const COMPARISON = new RegExp(`^(?:!=|>=|=>|<=|=<|~>|=|>|<|~|\\^)?${SIMPLE}$`);
const HYPHEN = new RegExp(`(${SIMPLE})\\s+-\\s+(${SIMPLE})`, 'g');

/** Whether Helm takes a text as a range of versions: comparisons parted by blanks or commas, `||` between alternatives, `1.2 - 1.4`. */
export function isVersionRange(text: string): boolean {
  if (text.length > 300) return true;
  return text
    .replaceAll(HYPHEN, '>=$1 <=$2')
    .split('||')
    .every((alternative) => {
      const parts = alternative
        .replaceAll(/([=<>~^!])\s+/g, '$1')
        .split(/[\s,]+/)
        .filter((part) => part !== '');
      return parts.length > 0 && !/,\s*,|^\s*,|,\s*$/.test(alternative) && parts.every((part) => COMPARISON.test(part));
    });
}

/** Whether a range can only mean one version. */
export function isExactVersion(text: string): boolean {
  return /^=?\s*v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z-.+]+)?$/.test(text.trim());
}
