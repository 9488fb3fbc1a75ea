import { settingSites } from '#core/configuration/sites.ts';
import { wantedInstead, wantedScalar } from '#core/configuration/valueFit.ts';
import type { SettingSite, WrittenSetting } from '#core/configuration/writtenSettings.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { findReservation } from '#core/systems/tables.ts';

export const valueDoesNotFit: ObjectRule = {
  id: 'CFG01',
  title: 'The value is none that the setting can have',
  severity: 'error',
  source:
    'ConfigDef of Kafka 3.7 to 4.4, Config of Cassandra 3.11 to 5.0, ConfigEntry of Spark 3.5 to 4.2, as schemas/catalogues has them; Strimzi 1.2 KafkaConfiguration.validate',
  fixable: false,
  refusedBy: 'nobody',
  why: `Each system reads its settings as numbers, switches, amounts or a few words, and refuses what it cannot read: a broker or a node does not
start, a topic is not made, a Spark application fails when it asks for the setting. What a setting takes depends on the version, which is
read from the manifest: the \`version\` of the custom resource or the tag of the image. Where it is not known, only values are reported
that no release takes.`,
  subject: 'object',
  check: (object, report) => {
    for (const site of settingSites(object)) {
      for (const setting of site.settings) {
        const wanted = wantedFor(setting, site);
        if (wanted === undefined) continue;
        const found = setting.isCollection ? 'a map or list' : quoteText(setting.value ?? '');
        report({
          at: setting.at,
          ...(setting.valueRange ? { range: setting.valueRange } : {}),
          cause: 'invalid',
          message: `${setting.name} must be ${wanted}, and ${found} is not. ${site.refusal}`,
          ...(site.table.catalogue?.system === 'spark' ? { severity: 'warning' } : {}),
        });
      }
    }
  },
};

function wantedFor({ name, value, isCollection }: WrittenSetting, { table, version }: SettingSite): string | undefined {
  const entry = table.entries.get(name);
  if (!entry || findReservation(table, name)) return undefined;
  const system = table.catalogue?.system;
  if (isCollection) return wantedScalar(entry, system);
  return value === undefined ? undefined : wantedInstead(entry, value, { version, system });
}
