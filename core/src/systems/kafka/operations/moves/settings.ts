import { groupBy } from '#core/systems/kafka/live/groupBy.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import {
  CONFIG_BROKER,
  CONFIG_SOURCES,
  CONFIG_TOPIC,
  KAFKA_ERRORS,
  nameOfKafkaError,
  problemOfCode,
  type ConfigChange,
  type DescribeConfigsAnswer,
  type IncrementalAlterConfigsAnswer,
  type IncrementalAlterConfigsRequest,
} from '#core/systems/kafka/admin.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { keyOf, type SettingPlace, type Values } from '#core/systems/kafka/operations/moves/throttles.ts';

/** Resources in one request. */
const BATCH = 200;

export interface Settings {
  /** What is set at the places themselves, not what they inherit. */
  readonly values: Values;
  /** Settings that there are, whether or not they have a value. */
  readonly known: ReadonlySet<string>;
  /** Topics that are not there any more. */
  readonly gone: ReadonlySet<string>;
  /** Brokers that did not tell, with the reason. */
  readonly silent: ReadonlyMap<number, string>;
}

export type Change = SettingPlace & { readonly change: ConfigChange };

/** Reads settings; a broker's are told by itself alone, so only those that are live are asked. */
export async function readSettings(
  door: KafkaDoor,
  places: readonly SettingPlace[],
  live: readonly number[],
): Promise<Settings> {
  const silent = new Map<number, string>();
  const answers: DescribeConfigsAnswer[] = [];
  for (const [name, of] of groupBy(ofType(places, CONFIG_BROKER), (place) => place.name)) {
    const id = Number(name);
    const resources = [{ type: CONFIG_BROKER, name, keys: of.map(({ key }) => key) }];
    if (!live.includes(id)) silent.set(id, 'it is not among the live brokers');
    else {
      try {
        answers.push(checked(await door.askBroker(id, 'DescribeConfigs', { resources })));
      } catch (error) {
        if (!(error instanceof ClusterProblem)) throw error;
        silent.set(id, error.message);
      }
    }
  }
  const topics = [...groupBy(ofType(places, CONFIG_TOPIC), ({ name }) => name)].map(([name, of]) => ({
    type: CONFIG_TOPIC,
    name,
    keys: of.map(({ key }) => key),
  }));
  for (let start = 0; start < topics.length; start += BATCH) {
    answers.push(checked(await door.ask('DescribeConfigs', { resources: topics.slice(start, start + BATCH) })));
  }
  return { ...collect(answers), silent };
}

const ofType = (places: readonly SettingPlace[], wanted: number): readonly SettingPlace[] =>
  places.filter(({ type }) => type === wanted);

/** A topic that is gone has no settings; any other error is one. */
function checked(answer: DescribeConfigsAnswer): DescribeConfigsAnswer {
  for (const { errorCode, name } of answer.resources) {
    if (errorCode === KAFKA_ERRORS.NONE || errorCode === KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION) continue;
    throw problemOfCode(errorCode, nameOfKafkaError(errorCode), `Kafka does not tell the settings of ${name}`);
  }
  return answer;
}

function collect(answers: readonly DescribeConfigsAnswer[]): Omit<Settings, 'silent'> {
  const found = answers
    .flatMap(({ resources }) => resources)
    .flatMap(({ type, name, configs }) =>
      configs.map(({ name: key, value, source }) => ({ place: keyOf({ type, name, key }), type, value, source })),
    );
  const own = found.filter(
    ({ type, source }) => source === (type === CONFIG_TOPIC ? CONFIG_SOURCES.topic : CONFIG_SOURCES.broker),
  );
  return {
    values: new Map(own.filter(({ value }) => value !== '').map(({ place, value }) => [place, value])),
    known: new Set(found.map(({ place }) => place)),
    gone: new Set(
      answers
        .flatMap(({ resources }) => resources)
        .flatMap(({ name, errorCode }) => (errorCode === KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION ? [name] : [])),
    ),
  };
}

/**
 * Makes changes, or tries whether they would be taken. Those of a broker go to it. Topics that are gone need none. One that fails keeps no
 * other from being made.
 * @throws ClusterProblem when one is refused, after all were asked for
 */
export async function changeSettings(
  door: KafkaDoor,
  changes: readonly Change[],
  { validateOnly = false }: { readonly validateOnly?: boolean } = {},
): Promise<void> {
  let problem: ClusterProblem | undefined;
  const attempt = async (work: () => Promise<IncrementalAlterConfigsAnswer>): Promise<void> => {
    try {
      expectTaken(await work());
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      problem ??= error;
    }
  };
  for (const resource of resourcesOf(changes, CONFIG_BROKER)) {
    const request = { resources: [resource], validateOnly };
    await attempt(() => door.askBroker(Number(resource.name), 'IncrementalAlterConfigs', request));
  }
  const topics = resourcesOf(changes, CONFIG_TOPIC);
  for (let start = 0; start < topics.length; start += BATCH) {
    const request = { resources: topics.slice(start, start + BATCH), validateOnly };
    await attempt(() => door.ask('IncrementalAlterConfigs', request));
  }
  if (problem) throw problem;
}

function resourcesOf(changes: readonly Change[], wanted: number): IncrementalAlterConfigsRequest['resources'] {
  const grouped = groupBy(
    changes.filter(({ type }) => type === wanted),
    ({ name }) => name,
  );
  return [...grouped].map(([name, of]) => ({ type: wanted, name, configs: of.map(({ change }) => change) }));
}

function expectTaken({ resources }: IncrementalAlterConfigsAnswer): void {
  for (const { type, name, errorCode, message } of resources) {
    if (errorCode === KAFKA_ERRORS.NONE || errorCode === KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION) continue;
    const what = type === CONFIG_BROKER ? `broker ${name}` : `topic ${name}`;
    const why = message === '' ? nameOfKafkaError(errorCode) : message;
    throw problemOfCode(errorCode, why, `The settings of ${what} cannot be changed`);
  }
}
