import type { Fix } from '#core/lint/finding.ts';
import { renameKey, replaceScalar } from '#core/lint/fixes/edits.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import type { ObjectRule, RuleHit } from '#core/lint/rules/rule.ts';
import { editDistance } from '#core/text/distance.ts';
import { readSettings, type KnownSetting } from '#core/systems/kafka/settingPlaces.ts';

/** Short names are near to many; plug-ins have short ones of their own. */
const SHORTEST = 10;
const MOST_SLIPS = 2;

export const misspeltSetting: ObjectRule = {
  id: 'KAF20',
  title: 'The name of a setting looks misspelt',
  severity: 'warning',
  source: 'Kafka 4.3 AbstractConfig (unknown configurations are only logged)',
  fixable: true,
  refusedBy: 'nobody',
  why: `Plug-ins may bring settings of their own, so Kafka accepts every name. A setting with a slip in its name is passed over with a line in
the log, and the cluster runs with the default: with one replica, or without the limit somebody meant to set.`,
  subject: 'object',
  check: (object, report) => {
    for (const known of readSettings(object)) {
      const near = nearest(known);
      if (near !== undefined) report(hitOf(known, near));
    }
  },
};

function nearest({ setting, entry, table }: KnownSetting): string | undefined {
  const { name } = setting;
  if (entry || name.length < SHORTEST || /^(?:listener\.name|confluent)\./.test(name)) return undefined;
  const lower = name.toLowerCase();
  const near = [...table.entries.keys()].filter(
    (other) => editDistance(lower, other.toLowerCase(), MOST_SLIPS) <= MOST_SLIPS,
  );
  return near.length === 1 ? near[0] : undefined;
}

/** At the name: the key of a map, the name of a variable, or the line of a file. */
function hitOf({ setting }: KnownSetting, near: string): RuleHit {
  const { at, range, written, name } = setting;
  const meant = written === name ? near : asVariable(written, near);
  const message = `${quoteText(written)} is no setting of Kafka, so it does nothing. ${meant} may be meant.`;
  const variable = at.parent?.field('name');
  if (variable?.text === written && variable.content?.kind === 'scalar') {
    const { content } = variable;
    return {
      at: variable,
      cause: 'notFound',
      message,
      fixes: () => [unsure(replaceScalar(content, meant, `Change to ${meant}`))],
    };
  }
  const { entry } = at;
  if (range || !entry || entry.key.text !== written)
    return { at, ...(range ? { range } : {}), cause: 'notFound', message };
  return { at, range: entry.key.range, cause: 'notFound', message, fixes: () => [unsure(renameKey(entry, meant))] };
}

function asVariable(written: string, near: string): string {
  const prefix = written.startsWith('KAFKA_CFG_') ? 'KAFKA_CFG_' : 'KAFKA_';
  return `${prefix}${near.replaceAll('.', '_').toUpperCase()}`;
}

/** The name may be one of a plug-in after all. */
function unsure(fix: Fix): Fix {
  return { ...fix, preferred: false };
}
