import { parseQuantity } from '#core/kubernetes/quantity.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { hasNoSetting, jobSpec, JOBS, rolesOf, type SparkRole } from '#core/systems/spark/rules/job.ts';
import { defaultOverhead, formatMebibytes, parseSparkMemory } from '#core/systems/spark/rules/memory.ts';

const JVM_FACTOR = 0.1;
const OTHER_FACTOR = 0.4;
const DEFAULT_MEMORY = 1024 ** 3;

export const podMemory: ObjectRule = {
  id: 'SPK08',
  title: 'A pod has less memory than Spark asks for',
  severity: 'error',
  source: 'Apache Spark 4.0 BasicDriverFeatureStep, BasicExecutorFeatureStep; spark-operator 2.5.2 SparkPodDefaulter',
  fixable: false,
  refusedBy: 'nobody',
  why: `A pod asks for the heap and an overhead for all that is not heap: a tenth of the heap, four tenths for Python and R, and never less than
384 MiB. A memoryLimit below the sum is below the request, which the API server refuses for every pod. An overhead of your own that is smaller
than what Spark takes by itself is what the kernel kills containers for.`,
  subject: 'object',
  kinds: JOBS,
  check: (object, report) => {
    for (const role of rolesOf(object)) {
      const heap = heapOf(object, role);
      if (heap === undefined) continue;
      const overhead = role.view.field('memoryOverhead');
      const given = overhead.text === undefined ? undefined : parseSparkMemory(overhead.text);
      const usual = defaultOverhead(heap, JVM_FACTOR);
      if (given !== undefined && given < usual) {
        report({
          at: overhead,
          cause: 'invalid',
          severity: 'warning',
          message: `An overhead of ${overhead.text} is less than the ${formatMebibytes(usual)} that Spark would add by itself. The containers may be killed for lack of memory.`,
        });
      }
      const limit = role.view.field('memoryLimit');
      const most = limit.text === undefined ? undefined : parseLimit(limit.text);
      const sum = heap + (given ?? impliedOverhead(object, heap, overhead.isAbsent));
      if (most === undefined || most >= sum) continue;
      report({
        at: limit,
        cause: 'invalid',
        message: `The ${role.name} asks for ${formatMebibytes(sum)}, memory and overhead together, and its limit is ${limit.text}. The API server refuses its pods, so none ever starts.`,
      });
    }
  },
};

/** A limit is a quantity of Kubernetes; amounts in the manner of Spark are seen as well, and the larger reading counts. */
function parseLimit(text: string): number | undefined {
  const readings = [parseQuantity(text)?.value, parseSparkMemory(text)].filter((bytes) => bytes !== undefined);
  return readings.length > 0 ? Math.max(...readings) : undefined;
}

function heapOf(object: ObjectView, { name, view }: SparkRole): number | undefined {
  const memory = view.field('memory');
  if (memory.isPresent) return memory.text === undefined ? undefined : parseSparkMemory(memory.text);
  return memory.isAbsent && hasNoSetting(object, new RegExp(`^spark\\.${name}\\.memory$`)) ? DEFAULT_MEMORY : undefined;
}

/** What Spark adds at least; nothing where settings may change it. */
function impliedOverhead(object: ObjectView, heap: number, isCertain: boolean): number {
  if (!isCertain || !hasNoSetting(object, /overhead/i)) return 0;
  const spec = jobSpec(object);
  const factor = spec.field('memoryOverheadFactor');
  if (factor.isPresent) return factor.text === undefined ? 0 : defaultOverhead(heap, Number(factor.text) || 0);
  const isJvm = !['Python', 'R'].includes(spec.field('type').text ?? '');
  return defaultOverhead(heap, isJvm ? JVM_FACTOR : OTHER_FACTOR);
}
