import { settingSites } from '#core/configuration/sites.ts';
import type { SettingSite, WrittenSetting } from '#core/configuration/writtenSettings.ts';
import type { Fix, Severity } from '#core/lint/finding.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { KnowledgeEntry, SystemId } from '#core/systems/contract.ts';
import { stateIn } from '#core/systems/settingVersions.ts';
import { findReservation } from '#core/systems/tables.ts';

export const settingOfAnotherVersion: ObjectRule = {
  id: 'CFG03',
  title: 'This version does not know the setting, or knows it by another name',
  severity: 'warning',
  source:
    'Kafka 3.7 to 4.4 ConfigDef and upgrade notes of 4.0; Cassandra 3.11 to 5.0 Config and its @Replaces, YamlConfigurationLoader; Spark 3.5 to 4.2 ConfigEntry, SparkConf and SQLConf',
  fixable: true,
  refusedBy: 'nobody',
  why: `Kafka and Spark pass over settings they do not know; what Kafka 4 removed together with ZooKeeper does nothing any more, and what a later
version brought does nothing yet. Cassandra refuses to start. Older names that are still read are a hint: the newer name is what its pages
and its log speak of. The version is that of the custom resource or of the tag of the image; without one nothing is said.`,
  subject: 'object',
  check: (object, report) => {
    for (const site of settingSites(object)) {
      for (const setting of site.settings) {
        const problem = problemOf(setting, site);
        if (!problem) continue;
        report({
          at: setting.nameAt ?? setting.at,
          ...(setting.nameRange ? { range: setting.nameRange } : {}),
          cause: 'unsupported',
          message: problem.message,
          severity: problem.severity,
          fixes: () => renamings(setting, problem.entry, site),
        });
      }
    }
  },
};

interface Problem {
  readonly entry: KnowledgeEntry;
  readonly message: string;
  readonly severity: Severity;
}

const TITLES: Readonly<Record<SystemId, string>> = {
  kafka: 'Kafka',
  cassandra: 'Cassandra',
  spark: 'Spark',
  tfjob: 'TensorFlow',
};

function problemOf({ name }: WrittenSetting, { table, version }: SettingSite): Problem | undefined {
  const entry = table.entries.get(name);
  const system = table.catalogue?.system;
  if (!entry || !system || version === undefined || findReservation(table, name)) return undefined;
  const here = `${TITLES[system]} ${version}`;
  const { removedIn, since, replacedBy } = entry;
  const effect = system === 'cassandra' ? `${here} does not start with it` : 'It does nothing here';
  switch (stateIn(entry, version)) {
    case 'gone': {
      const instead = replacedBy === undefined ? '' : ` ${replacedBy} took its place.`;
      const message = `${name} is gone since ${TITLES[system]} ${removedIn ?? ''}, and this is ${here}. ${effect}.${instead}`;
      return { entry, message, severity: 'warning' };
    }
    case 'notYet': {
      const message = `${name} came with ${TITLES[system]} ${since ?? ''}, and this is ${here}. ${effect}.`;
      return { entry, message, severity: 'warning' };
    }
    case 'renamed': {
      const target = replacedBy === undefined ? undefined : table.entries.get(replacedBy);
      if (!target || stateIn(target, version) !== 'current') return undefined;
      const message = `${name} is an older name, which ${here} still reads. Its name is ${replacedBy ?? ''} now.`;
      return { entry, message, severity: 'hint' };
    }
    case 'current':
      return undefined;
  }
}

/** Another name, and the unit its values have now; nothing where a value means something else under the new name. */
function renamings(setting: WrittenSetting, entry: KnowledgeEntry, site: SettingSite): readonly Fix[] {
  const { replacedBy, facts } = entry;
  const { rename, replace, value } = setting;
  if (replacedBy === undefined || facts?.unit === undefined || !rename) return [];
  if (stateIn(entry, site.version) !== 'renamed' || site.settings.some(({ name }) => name === replacedBy)) return [];
  const title = `Rename to ${replacedBy}`;
  if (facts.unit === '') return [{ title, preferred: true, edits: [rename(replacedBy)] }];
  if (value === undefined || !/^\d+$/.test(value) || !replace) return [];
  const newValue = `${value}${facts.unit}`;
  return [{ title: `${title}: ${newValue}`, preferred: true, edits: [rename(replacedBy), replace(newValue)] }];
}
