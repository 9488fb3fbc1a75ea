import type { NodeView } from '#core/lint/rules/view.ts';
import type { TextRange } from '#core/text/range.ts';

/** One setting of a broker where it is written. */
export interface Setting {
  /** Name of the property: `node.id`. */
  readonly name: string;
  /** The name as it stands there: `node.id`, or the variable `KAFKA_NODE_ID`. */
  readonly written: string;
  /** Undefined when it is known only at run time. */
  readonly value: string | undefined;
  /** Whether it is the ordinal of the pod. */
  readonly isOrdinal?: boolean;
  readonly at: NodeView;
  /** The line of a file, where `at` is the whole file. */
  readonly range?: TextRange;
}

/** The settings of a broker, wherever they are written. */
export interface BrokerConfig {
  /** By the name of the property; of a repeated one the last, which counts. */
  readonly settings: ReadonlyMap<string, Setting>;
  /** Whether what is not written here is written nowhere. */
  readonly isComplete: boolean;
}

export type ProcessRole = 'broker' | 'controller';

export function makeConfig(settings: readonly Setting[], isComplete: boolean): BrokerConfig {
  return { settings: new Map(settings.map((setting) => [setting.name, setting])), isComplete };
}

/** The text of a setting; undefined when it is not written or not known. */
export function valueOf({ settings }: BrokerConfig, name: string): string | undefined {
  return settings.get(name)?.value;
}

export function integerOf(config: BrokerConfig, name: string): number | undefined {
  return parseInteger(valueOf(config, name));
}

export function listOf(config: BrokerConfig, name: string): readonly string[] | undefined {
  const value = valueOf(config, name);
  return value === undefined ? undefined : splitList(value);
}

/** Whether it is certain that nobody sets it, so that the default of Kafka counts. */
export function isMissing({ settings, isComplete }: BrokerConfig, name: string): boolean {
  return isComplete && !settings.has(name);
}

/** `process.roles`; undefined when it is not known or nothing but the two roles stands there. */
export function rolesOf(config: BrokerConfig): ReadonlySet<ProcessRole> | undefined {
  const roles = listOf(config, 'process.roles');
  if (!roles || roles.length === 0) return undefined;
  const known = roles.filter((role): role is ProcessRole => role === 'broker' || role === 'controller');
  return known.length === roles.length ? new Set(known) : undefined;
}

/** Where a finding about a setting stands. */
export function placeOf({ at, range }: Setting): { readonly at: NodeView; readonly range?: TextRange } {
  return range ? { at, range } : { at };
}

export function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

export function parseInteger(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*[-+]?\d+\s*$/.test(text) ? Number(text) : undefined;
}

/** The text of a scalar of a free-form map, where numbers and booleans need no quotes; undefined when it is not known. */
export function scalarText(view: NodeView): string | undefined {
  const { content } = view;
  if (content?.kind !== 'scalar' || view.isUnknown) return undefined;
  const { value } = content;
  if (value.type === 'null' || value.type === 'string') return view.text;
  return value.type === 'float' ? content.text : String(value.value);
}

/** A map of settings inside a custom resource. */
export function readConfigMap(view: NodeView): readonly Setting[] {
  return view.fields.flatMap((field) => {
    const name = String(field.step);
    return field.isPresent ? [{ name, written: name, value: scalarText(field), at: field }] : [];
  });
}
