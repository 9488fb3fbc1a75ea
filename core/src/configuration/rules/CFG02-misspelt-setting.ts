import { settingSites } from '#core/configuration/sites.ts';
import type { SettingSite, WrittenSetting } from '#core/configuration/writtenSettings.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { stateIn } from '#core/systems/settingVersions.ts';
import { findReservation } from '#core/systems/tables.ts';
import { editDistance } from '#core/text/distance.ts';

/** Short names are near to many; plug-ins have short ones of their own. */
const SHORTEST = 10;
const MOST_SLIPS = 2;

/** Beginnings of names that go on with whatever somebody chooses. */
const FREE_NAMES =
  /^(?:listener\.name|confluent|producer|consumer|admin|topic\.creation)\.|^spark\.(?:hadoop|hive|executorEnv|plugins|rapids|metrics\.conf|mesos|yarn|redaction|datasource|sql\.catalog|sql\.streaming\.ui)\.|^spark\.kubernetes\.(?:driver|executor)\.(?:label|annotation|secrets|secretKeyRef|volumes|service\.(?:annotation|label)|node\.selector)\.|^spark\.kubernetes\.(?:node\.selector|driverEnv|executorEnv)\.|^spark\.(?:driver|executor|task)\.resource\./;

export const misspeltSetting: ObjectRule = {
  id: 'CFG02',
  title: 'The name of a setting looks misspelt',
  severity: 'warning',
  source:
    'Kafka 4.4 AbstractConfig and Spark 4.2 SparkConf (unknown names are passed over), Cassandra 5.0 YamlConfigurationLoader (unknown properties are refused)',
  fixable: true,
  refusedBy: 'nobody',
  why: `Plug-ins may bring settings of their own, so Kafka and Spark accept every name. A setting with a slip in its name is passed over with
no more than a line in the log, and the cluster runs with the default: with one replica, or without the limit somebody meant to set.
Cassandra does not start with a name it does not know. A name is only reported when it is near to exactly one that is known.`,
  subject: 'object',
  check: (object, report) => {
    for (const site of settingSites(object)) {
      const written = new Set(site.settings.map(({ name }) => name));
      for (const setting of site.settings) {
        const near = nearest(setting, site);
        if (near === undefined) continue;
        report({
          at: setting.nameAt ?? setting.at,
          ...(setting.nameRange ? { range: setting.nameRange } : {}),
          cause: 'notFound',
          message: messageOf(setting, site, near),
          fixes: () => (written.has(near) ? [] : renamings(setting, near)),
        });
      }
    }
  },
};

/** The one name that is near and known to the version. */
function nearest({ name }: WrittenSetting, { table, version }: SettingSite): string | undefined {
  if (table.entries.has(name) || findReservation(table, name.toLowerCase())) return undefined;
  if (name.length < SHORTEST || FREE_NAMES.test(name)) return undefined;
  const lower = name.toLowerCase();
  const near = [...table.entries].filter(
    ([other, entry]) =>
      editDistance(lower, other.toLowerCase(), MOST_SLIPS) <= MOST_SLIPS && stateIn(entry, version) === 'current',
  );
  return near.length === 1 ? near[0]?.[0] : undefined;
}

const UNKNOWN: Readonly<Record<string, string>> = {
  kafka: 'is no setting of Kafka, so it does nothing',
  spark: 'is no setting of Spark, so it does nothing',
  cassandra: 'is no setting of Cassandra, which does not start with one it does not know',
};

function messageOf({ name }: WrittenSetting, { table }: SettingSite, near: string): string {
  const { system } = table.catalogue ?? {};
  const what = (system === undefined ? undefined : UNKNOWN[system]) ?? 'is no variable the image reads';
  return `${quoteText(name)} ${what}. ${near} may be meant.`;
}

/** The name may be one of a plug-in after all. */
function renamings({ rename }: WrittenSetting, near: string) {
  return rename ? [{ title: `Rename to ${near}`, preferred: false, edits: [rename(near)] }] : [];
}
