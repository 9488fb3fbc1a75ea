import { invalid, type StatusCause } from './apiError.ts';
import { sameValue } from './fieldTrees.ts';
import type { Kind } from './kinds.ts';
import { isRecord, recordOf, shapedAs, type KubeObject, type NewObject } from './objects.ts';

/**
 * What the API server fills in and refuses, for the kinds the simulated controllers act on. Afterwards an object has the shape of its
 * type in objects.ts. Everything else is kept as it comes.
 */
export function admit<Shape extends NewObject | KubeObject>(kind: Kind, object: Shape, previous?: KubeObject): Shape {
  const name = object.metadata.name;
  const causes: StatusCause[] = [...nameCauses(name)];
  const admitted = fillers[kind.kind]?.(object, causes) ?? object;
  if (kind.kind === 'StatefulSet' && previous !== undefined) causes.push(...frozenFields(admitted, previous));
  if (causes.length > 0) throw invalid(kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`, name, causes);
  // The fillers keep every field but spec, so the shape stays.
  return shapedAs<Shape>(admitted);
}

type Filler = (object: NewObject | KubeObject, causes: StatusCause[]) => NewObject | KubeObject;

const fillers: Readonly<Record<string, Filler>> = {
  Pod: (object, causes) => ({ ...object, spec: podSpec(object['spec'], 'spec', causes) }),
  StatefulSet: (object, causes) => {
    const spec = recordOf(object['spec']);
    return {
      ...object,
      spec: {
        podManagementPolicy: 'OrderedReady',
        serviceName: '',
        revisionHistoryLimit: 10,
        ...workloadSpec(spec, causes),
        updateStrategy: { type: 'RollingUpdate', ...recordOf(spec['updateStrategy']) },
      },
    };
  },
  Deployment: (object, causes) => ({ ...object, spec: workloadSpec(recordOf(object['spec']), causes) }),
  PodDisruptionBudget: (object) => ({ ...object, spec: recordOf(object['spec']) }),
  Node: (object) => ({ ...object, spec: recordOf(object['spec']) }),
};

function workloadSpec(spec: Readonly<Record<string, unknown>>, causes: StatusCause[]): Record<string, unknown> {
  const replicas = spec['replicas'] ?? 1;
  if (typeof replicas !== 'number' || replicas < 0 || !Number.isInteger(replicas)) {
    causes.push(
      fault(
        'spec.replicas',
        'FieldValueInvalid',
        `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`,
      ),
    );
  }
  const template = recordOf(spec['template']);
  const selector = recordOf(recordOf(spec['selector'])['matchLabels']);
  const labels = recordOf(recordOf(template['metadata'])['labels']);
  if (Object.keys(selector).length === 0) causes.push(fault('spec.selector', 'FieldValueRequired', 'Required value'));
  if (Object.entries(selector).some(([key, value]) => labels[key] !== value)) {
    causes.push(
      fault(
        'spec.template.metadata.labels',
        'FieldValueInvalid',
        `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
      ),
    );
  }
  return {
    ...spec,
    replicas,
    selector: { ...recordOf(spec['selector']), matchLabels: selector },
    template: { ...template, spec: podSpec(template['spec'], 'spec.template.spec', causes) },
  };
}

function podSpec(value: unknown, path: string, causes: StatusCause[]): Record<string, unknown> {
  const spec = recordOf(value);
  const containers = Array.isArray(spec['containers']) ? spec['containers'].filter(isRecord) : [];
  if (containers.length === 0) causes.push(fault(`${path}.containers`, 'FieldValueRequired', 'Required value'));
  containers.forEach((container, index) => {
    for (const field of ['name', 'image']) {
      if (typeof container[field] === 'string' && container[field] !== '') continue;
      causes.push(fault(`${path}.containers[${index}].${field}`, 'FieldValueRequired', 'Required value'));
    }
  });
  return { restartPolicy: 'Always', terminationGracePeriodSeconds: 30, ...spec, containers };
}

function nameCauses(name: string): readonly StatusCause[] {
  if (/^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/.test(name)) return [];
  const rule = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'";
  return [fault('metadata.name', 'FieldValueInvalid', `Invalid value: ${JSON.stringify(name)}: ${rule}`)];
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/statefulset: everything else of a StatefulSet cannot be changed. */
const CHANGEABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

function frozenFields(object: NewObject | KubeObject, previous: KubeObject): readonly StatusCause[] {
  const now = recordOf(object['spec']);
  const before = recordOf(previous['spec']);
  const isFrozen = [...new Set([...Object.keys(now), ...Object.keys(before)])].some(
    (field) => !CHANGEABLE.includes(field) && !sameValue(now[field], before[field]),
  );
  if (!isFrozen) return [];
  const allowed = CHANGEABLE.map((field) => `'${field}'`).join(', ');
  return [
    fault(
      'spec',
      'FieldValueForbidden',
      `Forbidden: updates to statefulset spec for fields other than ${allowed} are forbidden`,
    ),
  ];
}

function fault(field: string, reason: string, message: string): StatusCause {
  return { field, reason, message };
}
