import { readController, readLeases } from '#core/live/operators/anatomy/controller.ts';
import { countObjects, readDefinitions } from '#core/live/operators/anatomy/definitions.ts';
import { readErrors } from '#core/live/operators/anatomy/errors.ts';
import type {
  ControllerAnatomy,
  OperatorAnatomy,
  OperatorSubject,
  Part,
  ReadAccess,
} from '#core/live/operators/anatomy/model.ts';
import { readPermissions } from '#core/live/operators/anatomy/permissions.ts';
import { readPart } from '#core/live/operators/anatomy/reading.ts';
import { readWebhooks } from '#core/live/operators/anatomy/webhooks.ts';
import { recognizeOperator } from '#core/live/operators/recognize.ts';
import type { OperatorView } from '#core/live/view.ts';

const READING = { kind: 'reading' } as const;

/** Before anything has been read. */
export function unreadAnatomy(askedAt: number): OperatorAnatomy {
  return {
    controller: READING,
    leases: READING,
    definitions: READING,
    counts: READING,
    permissions: READING,
    webhooks: READING,
    errors: READING,
    askedAt,
  };
}

/** Its parts in the order in which they are shown. */
export function partsOf(anatomy: OperatorAnatomy): readonly Part<unknown>[] {
  const { controller, leases, definitions, counts, webhooks, permissions, errors } = anatomy;
  return [controller, leases, definitions, counts, webhooks, permissions, errors];
}

/**
 * Reads everything about an operator, once. What may not be read is left out by itself, and nothing is ever written.
 *
 * 1. Its definitions, the numbers of its objects, and its webhooks are asked for at the same time as its Deployment.
 * 2. The Deployment tells ServiceAccount and pods; only then its rights, its leases and its logs can be asked for.
 * 3. Each part is told as soon as it is there.
 *
 * @param siblings other operators of the context: some projects serve webhooks from a Deployment of their own
 * @param told is called with what is known so far, each time more than before
 */
export async function examineOperator(
  cluster: ReadAccess,
  subject: OperatorSubject,
  siblings: readonly OperatorView[],
  askedAt: number,
  told: (anatomy: OperatorAnatomy) => void,
): Promise<void> {
  let anatomy = unreadAnatomy(askedAt);
  const tell = (part: Partial<OperatorAnatomy>): void => {
    anatomy = { ...anatomy, ...part };
    told(anatomy);
  };
  const labels = siblings
    .filter(
      ({ flavour, namespace }) => flavour === subject.operator.flavour && namespace === subject.operator.namespace,
    )
    .map(({ workload }) => workload.templateLabels);
  const reading = readPart(() => readController(cluster, subject));
  await Promise.all([
    readPart(() => readDefinitions(cluster, subject)).then((definitions) => tell({ definitions })),
    readPart(() => countObjects(cluster, subject)).then((counts) => tell({ counts })),
    readPart(() => readWebhooks(cluster, subject, labels)).then((webhooks) => tell({ webhooks })),
    reading.then((controller) => {
      tell({ controller });
      return examineController(cluster, subject, controller, tell);
    }),
  ]);
}

async function examineController(
  cluster: ReadAccess,
  subject: OperatorSubject,
  controller: Part<ControllerAnatomy>,
  tell: (part: Partial<OperatorAnatomy>) => void,
): Promise<void> {
  if (controller.kind !== 'read') {
    tell({ leases: controller, permissions: controller, errors: controller });
    return;
  }
  const { pods, serviceAccount } = controller.value;
  const container = recognizeOperator(subject.operator.workload)?.container.name ?? '';
  await Promise.all([
    readPart(() => readLeases(cluster, subject, pods)).then((leases) => tell({ leases })),
    readPart(() => readPermissions(cluster, subject, serviceAccount)).then((permissions) => tell({ permissions })),
    readPart(() => readErrors(cluster, subject, pods, container)).then((errors) => tell({ errors })),
  ]);
}
