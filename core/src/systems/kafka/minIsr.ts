import { CONFIG_TOPIC, type DescribeConfigsAnswer, type DescribeConfigsRequest } from '#core/systems/kafka/admin.ts';

/** Topics in one request for their settings: asking for those of thousands takes a broker long. */
const TOPIC_BATCH = 500;

const NAME = 'min.insync.replicas';

/** What to ask to learn the setting min.insync.replicas of topics, request by request. */
export function minIsrRequests(topics: readonly string[]): readonly DescribeConfigsRequest[] {
  const count = Math.ceil(topics.length / TOPIC_BATCH);
  return Array.from({ length: count }, (_, index) => ({
    resources: topics
      .slice(index * TOPIC_BATCH, (index + 1) * TOPIC_BATCH)
      .map((name) => ({ type: CONFIG_TOPIC, name, keys: [NAME] })),
  }));
}

/** Topic and setting; a topic whose settings may not be read is left out. */
export function readMinIsr({ resources }: DescribeConfigsAnswer): readonly (readonly [string, number])[] {
  return resources.flatMap(({ name, configs }) => {
    const value = Number(configs.find((config) => config.name === NAME)?.value);
    return Number.isInteger(value) && value > 0 ? [[name, value] as const] : [];
  });
}
