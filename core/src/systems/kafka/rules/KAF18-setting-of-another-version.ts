import { compareMinors } from '#core/kubernetes/versions.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { placeOf } from '#core/systems/kafka/brokerConfig.ts';
import { readSettings, type KnownSetting } from '#core/systems/kafka/settingPlaces.ts';

export const settingOfAnotherVersion: ObjectRule = {
  id: 'KAF18',
  title: 'This version of Kafka does not know the setting',
  severity: 'warning',
  source: 'Kafka 4.0 upgrade notes (removed configurations); ConfigDef of Kafka 4.3; Strimzi 1.2 KafkaSpecChecker',
  fixable: false,
  refusedBy: 'nobody',
  why: `A broker passes over settings it does not know with a line in its log. What Kafka 4 removed together with ZooKeeper does nothing any
more, and what a later version brought does nothing yet. The version is that of the custom resource or of the tag of the image.`,
  subject: 'object',
  check: (object, report) => {
    for (const known of readSettings(object)) {
      const problem = problemOf(known);
      if (problem === undefined) continue;
      const message = `${known.setting.written} does nothing: ${problem}.`;
      report({ ...placeOf(known.setting), cause: 'unsupported', message });
    }
  },
};

function problemOf({ entry, version }: KnownSetting): string | undefined {
  if (!entry || version === undefined) return undefined;
  const { removedIn, since, replacedBy } = entry;
  if (removedIn !== undefined && compareMinors(version, removedIn) >= 0) {
    const instead = replacedBy === undefined ? '' : ` and ${replacedBy} took its place`;
    return `it is gone since Kafka ${removedIn}${instead}, and this is Kafka ${version}`;
  }
  if (since === undefined || compareMinors(version, since) >= 0) return undefined;
  return `it came with Kafka ${since}, and this is Kafka ${version}`;
}
