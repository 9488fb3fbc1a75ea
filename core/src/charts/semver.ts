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

/**
 * Whether a version is in a range, for the ranges people write: one version, `x` for any part, `^`, `~`, `>=`, and several of them at
 * once. Undefined for everything else, and where a version before a release is compared: Helm takes those by rules of their own.
 */
export function isInRange(version: string, range: string): boolean | undefined {
  const numbers = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\+.*)?$/.exec(version);
  if (range === '' || !isVersionRange(range)) return range.length > 300 ? undefined : false;
  if (!numbers) return undefined;
  const parts = range.trim().split(/[\s,]+/);
  const bounds = parts.map(boundsOf);
  const own = [1, 2, 3].map((at) => Number(numbers[at] ?? '0'));
  if (!bounds.every((one) => one !== undefined)) return undefined;
  return bounds.every(([from, below]) => compareParts(own, from) >= 0 && (!below || compareParts(own, below) < 0));
}

type Parts = readonly number[];

/** The first version that fits, and the first above it that does not. */
function boundsOf(comparison: string): readonly [Parts, Parts | undefined] | undefined {
  const [, operator = '', version = ''] = /^(\^|~|>=|=)?v?(\d+(?:\.(?:\d+|[xX*]))*|[xX*])$/.exec(comparison) ?? [];
  if (version === '') return undefined;
  const given = version.split('.').map(Number);
  const wild = given.findIndex(Number.isNaN);
  const known = wild < 0 ? given : given.slice(0, wild);
  if (known.length > 3 || (wild >= 0 && given.slice(wild).some((part) => !Number.isNaN(part)))) return undefined;
  const from = [...known, 0, 0, 0].slice(0, 3);
  if (known.length === 0 || operator === '>=') return [from, undefined];
  return [from, nextAfter(from, keptParts(operator, known))];
}

/** How many parts may not change. */
function keptParts(operator: string, known: Parts): number {
  if (operator === '~') return Math.min(known.length, 2);
  if (operator !== '^') return known.length;
  const first = known.findIndex((part) => part > 0);
  return first < 0 ? known.length : first + 1;
}

function nextAfter(from: Parts, kept: number): Parts {
  return from.map((part, at) => (at < kept - 1 ? part : at === kept - 1 ? part + 1 : 0));
}

function compareParts(a: Parts, b: Parts): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
