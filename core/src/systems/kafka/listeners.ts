import { splitList } from '#core/systems/kafka/brokerConfig.ts';

/** One address of `listeners` or `advertised.listeners`. Names of listeners are upper case to Kafka, however they are written. */
export interface Listener {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

export interface Voter {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

/** `CLIENT://:9092,CONTROLLER://:9093`; undefined when one of them cannot be read. */
export function parseListeners(text: string | undefined): readonly Listener[] | undefined {
  return parseAll(text, /^([^:]+):\/\/(\[[^\]]*\]|[^:]*):(-?\d+)$/, ([name, host, port]) => ({
    name: name.toUpperCase(),
    host,
    port: Number(port),
  }));
}

/** `CLIENT:PLAINTEXT,CONTROLLER:SSL` by name; undefined when one of them cannot be read. */
export function parseProtocols(text: string | undefined): ReadonlyMap<string, string> | undefined {
  const pairs = parseAll(text, /^([^:]+):(\w+)()$/, ([name, protocol]) => [name.toUpperCase(), protocol] as const);
  return pairs && new Map(pairs);
}

/** `0@kafka-0.kafka:9093,1@...`; undefined when one of them cannot be read. */
export function parseVoters(text: string | undefined): readonly Voter[] | undefined {
  return parseAll(text, VOTER, ([id, host, port]) => ({ id: Number(id), host, port: Number(port) }));
}

/** Source: QuorumConfig.parseVoterConnections, Kafka 4.3. */
const VOTER = /^(\d+)@(\[[^\]]*\]|[^:]+):(\d+)$/;

/** The entries of `controller.quorum.voters` that Kafka cannot read. */
export function malformedVoters(text: string): readonly string[] {
  return splitList(text).filter((entry) => !VOTER.test(entry));
}

function parseAll<T>(
  text: string | undefined,
  pattern: RegExp,
  make: (parts: readonly [string, string, string]) => T,
): readonly T[] | undefined {
  if (text === undefined) return undefined;
  const entries = splitList(text);
  const parsed = entries.flatMap((entry) => {
    const [, first, second, third] = pattern.exec(entry) ?? [];
    return first === undefined || second === undefined || third === undefined ? [] : [make([first, second, third])];
  });
  return parsed.length === entries.length && parsed.length > 0 ? parsed : undefined;
}
