import { removeEntry } from '#core/lint/fixes/edits.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import type { ReservedSettings } from '#core/systems/contract.ts';
import {
  connectUnderStrimzi,
  ownedByStrimzi,
  ownedByStrimziConnect,
} from '#core/systems/kafka/knowledge/ownedByStrimzi.ts';

interface OwnedPlace {
  readonly path: readonly string[];
  readonly reserved: ReservedSettings;
  /** What became a field of its own in `v1`. */
  readonly fieldsInV1?: readonly string[];
}

const PLACES: Readonly<Record<string, OwnedPlace>> = {
  'kafka.strimzi.io/Kafka': { path: ['spec', 'kafka', 'config'], reserved: ownedByStrimzi },
  'kafka.strimzi.io/KafkaConnect': {
    path: ['spec', 'config'],
    reserved: ownedByStrimziConnect,
    fieldsInV1: Object.keys(connectUnderStrimzi),
  },
};

export const settingOwnedByStrimzi: ObjectRule = {
  id: 'KAF15',
  title: 'Strimzi ignores a setting, because it sets it itself',
  severity: 'warning',
  source: 'Strimzi 0.51 and 1.2 KafkaClusterSpec and KafkaConnectSpec (FORBIDDEN_PREFIXES), AbstractConfiguration',
  fixable: true,
  refusedBy: 'nobody',
  why: `Addresses, security, identity and directories of the nodes follow from other fields of the custom resource. Strimzi drops such settings
from \`config\` with no more than a line in its log, so the cluster runs without what was asked for. Use the field that stands for it:
\`listeners\`, \`authorization\`, \`rack\`, \`storage\`.`,
  subject: 'object',
  kinds: Object.keys(PLACES),
  check: (object, report) => {
    const place = PLACES[object.groupKind];
    if (!place) return;
    for (const field of object.root.at(...place.path).fields) {
      const name = String(field.step);
      if (field.isPresent && isOwned(name, place, object)) {
        const message = `${quoteText(name)} is set by Strimzi from other fields, and the value here is ignored.`;
        report({ at: field, cause: 'forbidden', message, fixes: () => removal(object, field, name) });
      }
    }
  },
};

/** As Strimzi compares: in lower case, and what is allowed by its whole name. */
function isOwned(name: string, { reserved, fieldsInV1 = [] }: OwnedPlace, { kind }: ObjectView): boolean {
  const lower = name.toLowerCase();
  if (kind.version === 'v1' && fieldsInV1.includes(lower)) return true;
  return reserved.prefixes.some((prefix) => lower.startsWith(prefix.toLowerCase())) && !reserved.except.includes(lower);
}

function removal(
  { text }: ObjectView,
  { entry }: NodeView,
  name: string,
): readonly NonNullable<ReturnType<typeof removeEntry>>[] {
  const fix = entry && removeEntry(text, entry, `Remove ${name}`);
  return fix ? [{ ...fix, preferred: false }] : [];
}
