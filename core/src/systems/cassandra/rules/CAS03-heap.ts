import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { KINDS_WITH_HEAP, readHeaps, type Heap } from '#core/systems/cassandra/rules/heaps.ts';
import { imageVersion, isConfiguredByImage, membersOf, type Member } from '#core/systems/cassandra/rules/members.ts';
import { findVariable, lacksVariable, variableText } from '#core/systems/cassandra/rules/variables.ts';

/** Cassandra needs as much again outside the heap: buffers, indexes, bloom filters, and the page cache its reads live on. */
const LARGEST_SHARE = 0.5;

export const heapTooLarge: ObjectRule = {
  id: 'CAS03',
  title: 'The heap does not fit the memory of the container',
  severity: 'error',
  source:
    'cassandra-env.sh of Apache Cassandra 3.11 to 5.0 (a quarter of the memory, start and largest heap alike, taken at the start); CassKop (a quarter)',
  fixable: false,
  refusedBy: 'nobody',
  why: `The start script takes the whole heap from the system at once. If it is as large as the memory limit, the kernel kills the process before it
has started. Outside the heap Cassandra keeps bloom filters, compression metadata, network buffers and memtables, and reads live on the page cache, which counts to the limit too:
half of the memory is the usual bound, a quarter the default. Up to Cassandra 4.0 the start script ends with an error when only one of MAX_HEAP_SIZE and HEAP_NEWSIZE is set.`,
  subject: 'object',
  kinds: KINDS_WITH_HEAP,
  check: (object, report) => {
    for (const heap of readHeaps(object)) checkShare(heap, report);
    for (const member of membersOf(object)) checkPair(member, report);
  },
};

function checkShare({ at, text, bytes, limit }: Heap, report: Report): void {
  const { quantity, content } = limit;
  if (quantity === undefined || quantity <= 0 || content?.kind !== 'scalar') return;
  const share = bytes / quantity;
  const sizes = `The heap is ${quoteText(text)} and the memory limit ${quoteText(content.text)}`;
  const related = [{ at: limit, message: 'The memory limit' }];
  if (share >= 1) {
    const message = `${sizes}, so nothing is left beside the heap and the kernel kills the process. Give the heap at most half of the memory.`;
    report({ at, cause: 'invalid', message, related });
  } else if (share > LARGEST_SHARE) {
    const message = `${sizes}: the heap takes ${Math.round(share * 100)} % of the memory. Buffers, bloom filters and the page cache need about half of it, or the kernel kills the node under load.`;
    report({ at, cause: 'invalid', severity: 'warning', message, related });
  }
}

/** Cassandra 3 and 4.0 run the CMS collector unless told otherwise, and then their start script wants both sizes or none. */
function checkPair(member: Member, report: Report): void {
  const { container, image } = member;
  const [major, minor] = imageVersion(image) ?? [];
  if (major === undefined || major < 3 || !(major < 4 || (major === 4 && minor === 0))) return;
  if (!isConfiguredByImage(member)) return;
  const options = ['JVM_OPTS', 'JVM_EXTRA_OPTS'];
  if (options.some((name) => !lacksVariable(container, name) && !isWithoutCollector(variableText(container, name)))) {
    return;
  }
  for (const [set, unset] of [
    ['MAX_HEAP_SIZE', 'HEAP_NEWSIZE'],
    ['HEAP_NEWSIZE', 'MAX_HEAP_SIZE'],
  ] as const) {
    const variable = findVariable(container, set);
    if (!variable || !lacksVariable(container, unset)) continue;
    report({
      at: variable.field('name'),
      cause: 'required',
      severity: 'warning',
      message: `${set} is set and ${unset} is not. The start script of Cassandra up to 4.0 wants both or none, and ends otherwise.`,
    });
  }
}

function isWithoutCollector(options: string | undefined): boolean {
  return options !== undefined && !/-XX:\+Use\w*GC|-Xm/.test(options);
}
