import type { NodeView } from '#core/lint/rules/view.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { findHeapOption, parseJavaAmount } from '#core/systems/javaHeap.ts';
import { rolesOf } from '#core/systems/kafka/brokerConfig.ts';
import { viewBrokers } from '#core/systems/kafka/brokers.ts';

/** More of the memory limit than this leaves a broker too little for everything that is not heap. */
const LARGEST_SHARE = 0.75;

/** Where custom resources keep `jvmOptions` and `resources`, and whether brokers run there. */
const PLACES: Readonly<Record<string, { readonly path: readonly string[]; readonly runsBroker: boolean }>> = {
  'kafka.strimzi.io/Kafka': { path: ['spec', 'kafka'], runsBroker: true },
  'kafka.strimzi.io/KafkaNodePool': { path: ['spec'], runsBroker: true },
  'kafka.strimzi.io/KafkaConnect': { path: ['spec'], runsBroker: false },
  'kafka.strimzi.io/KafkaMirrorMaker2': { path: ['spec'], runsBroker: false },
};

export const heapAndMemory: ObjectRule = {
  id: 'KAF11',
  title: 'The heap does not fit the memory of the container',
  severity: 'error',
  source:
    'Kernel memory cgroup limits; Kafka documentation, section Hardware and OS (page cache); Strimzi documentation of jvmOptions',
  fixable: false,
  refusedBy: 'nobody',
  why: `A Java program needs memory beside its heap: threads, buffers, classes. With a heap as large as the memory limit the kernel ends the
container as soon as the heap fills up. Brokers need still more room, because they write and read through the page cache, which counts
against the limit too: give them about half of the memory as heap. Equal \`-Xms\` and \`-Xmx\` take the heap at the start, so that a lack of
memory shows then and not under load.`,
  subject: 'object',
  check: (object, report) => {
    for (const place of [...customPlaces(object), ...workloadPlaces(object)]) checkPlace(place, report);
  },
};

/** In bytes. */
interface Heap {
  readonly largest: number | undefined;
  readonly first: number | undefined;
}

interface HeapPlace {
  readonly heap: Heap;
  readonly at: NodeView;
  readonly resources: NodeView;
  readonly runsBroker: boolean;
  /** Whether the resources may stand elsewhere. */
  readonly isWhole: boolean;
}

function customPlaces({ groupKind, root }: ObjectView): readonly HeapPlace[] {
  const place = PLACES[groupKind];
  if (!place) return [];
  const owner = root.at(...place.path);
  const [largest, first] = ['-Xmx', '-Xms'].map((option) => owner.at('jvmOptions', option));
  if (!largest || !first) return [];
  const heap = { largest: parseJavaAmount(largest.text ?? ''), first: parseJavaAmount(first.text ?? '') };
  const { runsBroker } = place;
  return [{ heap, at: largest, resources: owner.field('resources'), runsBroker, isWhole: false }];
}

function workloadPlaces(object: ObjectView): readonly HeapPlace[] {
  return viewBrokers(object).flatMap(({ workload, config }): readonly HeapPlace[] => {
    const variable = workload?.container
      .field('env')
      .items.findLast((view) => view.field('name').text === 'KAFKA_HEAP_OPTS');
    const at = variable?.field('value');
    if (!workload || at?.text === undefined || at.text.includes('$(')) return [];
    const resources = workload.container.field('resources');
    const runsBroker = rolesOf(config)?.has('broker') ?? true;
    return [{ heap: readHeap(at.text), at, resources, runsBroker, isWhole: true }];
  });
}

function readHeap(options: string): Heap {
  const [largest, first] = (['-Xmx', '-Xms'] as const).map((name) =>
    parseJavaAmount(findHeapOption(options, name) ?? ''),
  );
  return { largest, first };
}

function checkPlace({ heap, at, resources, runsBroker, isWhole }: HeapPlace, report: Report): void {
  const { largest, first } = heap;
  if (largest === undefined) return;
  const memory = resources.at('limits', 'memory');
  const limit = memory.quantity;
  const related = [{ at: memory, message: 'The memory limit' }];
  if (limit !== undefined && limit > 0 && largest >= limit) {
    const message = `The heap may grow to ${inMebibytes(largest)}, and the memory limit is ${inMebibytes(limit)}. The container is killed when the heap fills up.`;
    report({ at, cause: 'invalid', message, related });
  } else if (runsBroker && limit !== undefined && largest > limit * LARGEST_SHARE) {
    const message = `The heap may take ${inMebibytes(largest)} of ${inMebibytes(limit)}, which leaves little for the page cache that a broker reads and writes through.`;
    report({ at, cause: 'invalid', severity: 'warning', message, related });
  } else if (first !== undefined && first !== largest) {
    const message = `The heap begins with ${inMebibytes(first)} and may grow to ${inMebibytes(largest)}. Make both the same, so that the memory is surely there.`;
    report({ at, cause: 'invalid', severity: 'hint', message });
  } else if (isWhole && memory.isAbsent && resources.at('requests', 'memory').isAbsent) {
    const message = `The heap may grow to ${inMebibytes(largest)}, but the container neither requests memory nor has a limit, so its node may have no room for it.`;
    report({ at, cause: 'invalid', severity: 'hint', message });
  }
}

function inMebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MiB`;
}
