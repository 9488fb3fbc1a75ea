import { listNames } from '#core/lint/structure/describe.ts';
import type { ChangingFacts, FactType } from '#core/schema/settingCatalogues.ts';
import type { KnowledgeEntry, SystemId } from '#core/systems/contract.ts';
import { allFacts, factsIn } from '#core/systems/settingVersions.ts';

interface Fit {
  readonly what: string;
  readonly fits: (text: string) => boolean;
}

const integer = (bits: bigint): Fit => ({
  what: bits === 63n ? 'an integer' : `an integer below ${2n ** bits}`,
  fits: (text) => {
    if (!/^[-+]?\d+$/.test(text)) return false;
    const value = BigInt(text.replace('+', ''));
    return value >= -(2n ** bits) && value < 2n ** bits;
  },
});

const NUMBER: Fit = {
  what: 'a number',
  fits: (text) => /^(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?[df]?|NaN|[-+]?Infinity)$/i.test(text),
};

/** Types that a text can be checked against wherever it stands. */
const TYPES: Partial<Readonly<Record<FactType, Fit>>> = {
  boolean: { what: 'true or false', fits: (text) => /^(?:true|false)$/i.test(text) },
  short: integer(15n),
  int: integer(31n),
  long: integer(63n),
  double: NUMBER,
  number: NUMBER,
};

const CASSANDRA_UNITS = {
  duration: ['ns', 'us', 'ms', 's', 'm', 'h', 'd'],
  size: ['B', 'KiB', 'MiB', 'GiB'],
  rate: ['B/s', 'KiB/s', 'MiB/s'],
} as const;

/** A number with a unit that is not smaller than the setting counts in. Cassandra 4.1 and later, DurationSpec and its like. */
function cassandraAmount(type: keyof typeof CASSANDRA_UNITS, smallest: string | null | undefined): Fit {
  const units: readonly string[] = CASSANDRA_UNITS[type];
  const allowed = units.slice(Math.max(0, units.indexOf(smallest ?? '')));
  const example = type === 'rate' ? '24MiB/s' : `10${allowed[Math.min(2, allowed.length - 1)] ?? ''}`;
  const number = type === 'rate' ? String.raw`\d+(?:\.\d+)?` : String.raw`\d+`;
  const pattern = new RegExp(`^${number}(?:${[...allowed, ...(type === 'duration' ? ['µs'] : [])].join('|')})$`);
  return {
    what: `a number with a unit (${allowed.join(', ')}), such as ${example}`,
    fits: (text) => pattern.test(text),
  };
}

/** Spark 4.2 JavaUtils.timeStringAs and byteStringAs; settings of whole numbers may be amounts as well. */
const SPARK_AMOUNTS: Readonly<Record<'duration' | 'size', Fit>> = {
  duration: {
    what: 'a time such as 30s, 5m or 500ms',
    fits: (text) => /^-?\d+(?:us|ms|s|m|min|h|d)?$/i.test(text),
  },
  size: {
    what: 'a size such as 512m or 4g, without fractions',
    fits: (text) => /^-?\d+(?:b|kb?|mb?|gb?|tb?|pb?)?$/i.test(text),
  },
};

/**
 * What a setting wants, when a text is not that. Without a version a text is wrong only when no release takes it.
 */
export function wantedInstead(
  entry: KnowledgeEntry,
  text: string,
  { version, system }: { readonly version: string | undefined; readonly system: SystemId | undefined },
): string | undefined {
  const known =
    version === undefined ? allFacts(entry) : [factsIn(entry, version)].filter((each) => each !== undefined);
  const facts = known.length > 0 ? known : ownFacts(entry);
  if (facts.length === 0) return undefined;
  const complaints = facts.map((each) => complaintOf(each, entry, text.trim(), system));
  return complaints.every((complaint) => complaint !== undefined) ? complaints[0] : undefined;
}

/** Of what no release declares, such as the variables of a start script. */
function ownFacts({ type, values }: KnowledgeEntry): readonly ChangingFacts[] {
  if (values) return [{ type: type === 'list' ? 'list' : 'string', values }];
  return type === 'integer' ? [{ type: 'long' }] : [];
}

/** What a setting for a single value wants, where a map or a list stands. */
export function wantedScalar({ facts }: KnowledgeEntry, system: SystemId | undefined): string | undefined {
  if (!facts || system !== 'cassandra' || facts.before?.some(({ type }) => type !== undefined)) return undefined;
  return typeFit(facts, system)?.what;
}

function complaintOf(
  facts: ChangingFacts,
  entry: KnowledgeEntry,
  text: string,
  system: SystemId | undefined,
): string | undefined {
  if (text === '') return undefined;
  if (facts.values) return wordsComplaint(facts.values, facts.type, entry, text);
  const fit = typeFit(facts, system);
  if (!fit || isTakenAsWell(facts, text)) return undefined;
  return fit.fits(text) ? rangeComplaint(facts, text) : fit.what;
}

function typeFit({ type, smallest }: ChangingFacts, system: SystemId | undefined): Fit | undefined {
  if (system === 'cassandra') {
    if (type === 'duration' || type === 'size' || type === 'rate') return cassandraAmount(type, smallest);
    if (type === 'boolean')
      return { what: 'true or false', fits: (text) => /^(?:true|false|yes|no|on|off)$/i.test(text) };
    if (type === 'int' || type === 'long') {
      const fit = integer(type === 'int' ? 31n : 63n);
      return { ...fit, fits: (text) => fit.fits(text.replaceAll('_', '')) || /^0[xob]/i.test(text) };
    }
  }
  if (system === 'spark' && (type === 'duration' || type === 'size')) return SPARK_AMOUNTS[type];
  return TYPES[type];
}

/** The setting kept its name when it got a unit, and what it took before is still read. */
function isTakenAsWell({ also }: ChangingFacts, text: string): boolean {
  if (also === undefined || also === null) return false;
  return !/^(?:int|long)$/.test(also) || /^-?\d+$/.test(text);
}

function wordsComplaint(
  values: readonly string[],
  type: FactType,
  { facts, values: spelled = values }: KnowledgeEntry,
  text: string,
): string | undefined {
  const items = type === 'list' ? text.split(',').map((item) => item.trim()) : [text];
  const plain = (word: string): string => (facts?.anyCase === true ? word.toLowerCase() : word);
  const allowed = new Set(values.map(plain));
  return items.every((item) => item === '' || allowed.has(plain(item))) ? undefined : listNames(spelled);
}

function rangeComplaint({ min, max, above }: ChangingFacts, text: string): string | undefined {
  const value = Number(text);
  if (typeof above === 'number' && value <= above) return `more than ${above}`;
  if (typeof min === 'number' && value < min) return `at least ${min}`;
  return typeof max === 'number' && value > max ? `at most ${max}` : undefined;
}
