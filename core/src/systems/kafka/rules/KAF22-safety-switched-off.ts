import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { placeOf } from '#core/systems/kafka/brokerConfig.ts';
import { readSettings } from '#core/systems/kafka/settingPlaces.ts';

/** Values that give safety away. */
const RISKS: Readonly<Record<string, { readonly value: string; readonly consequence: string }>> = {
  'unclean.leader.election.enable': {
    value: 'true',
    consequence:
      'A replica that lags behind may become leader, and the acknowledged records it had not copied are lost',
  },
  'controlled.shutdown.enable': {
    value: 'false',
    consequence:
      'A broker that stops does not hand over its partitions, so each restart leaves them without a leader for a while',
  },
};

export const safetySwitchedOff: ObjectRule = {
  id: 'KAF22',
  title: 'A setting gives up safety',
  severity: 'warning',
  source: 'Kafka 4.3 documentation of unclean.leader.election.enable and controlled.shutdown.enable',
  fixable: false,
  refusedBy: 'nobody',
  why: `Two switches of Kafka trade safety for something else. \`unclean.leader.election.enable\` brings a partition back by losing records; it is
meant for the moment when there is no other way out, not for the configuration. \`controlled.shutdown.enable\` off makes restarts quicker
and every one of them a small outage. Where that is wanted, say so with a comment that turns this rule off for the line.`,
  subject: 'object',
  check: (object, report) => {
    for (const setting of readSettings(object)) {
      const risk = RISKS[setting.name];
      if (!risk || setting.value?.trim().toLowerCase() !== risk.value) continue;
      const message = `${setting.written} is ${risk.value}. ${risk.consequence}.`;
      report({ ...placeOf(setting), cause: 'invalid', message });
    }
  },
};
