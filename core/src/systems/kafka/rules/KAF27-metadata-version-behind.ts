import { compareMinors } from '#core/kubernetes/versions.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';

export const metadataVersionBehind: ObjectRule = {
  id: 'KAF27',
  title: 'The metadata version is older than Kafka',
  severity: 'hint',
  source: 'Strimzi 1.2 KafkaSpecChecker (KafkaMetadataVersion)',
  fixable: false,
  refusedBy: 'nobody',
  why: `\`metadataVersion\` says which features the nodes may use among themselves. It stays behind while Kafka is upgraded, so that a way back is
open, and is raised as the last step. Left behind for good it keeps new features off, and the next upgrade may refuse it.`,
  subject: 'object',
  kinds: ['kafka.strimzi.io/Kafka'],
  check: ({ spec }, report) => {
    const metadata = spec.at('kafka', 'metadataVersion');
    const [version, behind] = [spec.at('kafka', 'version').text, metadata.text].map(minorOf);
    if (version === undefined || behind === undefined || compareMinors(behind, version) >= 0) return;
    const message = `The metadata version is ${behind}, and Kafka is ${version}: the upgrade is not finished until it is raised.`;
    report({ at: metadata, cause: 'invalid', message });
  },
};

function minorOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : /^\d+\.\d+(?=[.-]|$)/.exec(text)?.[0];
}
