import { sizeText } from '#core/live/sizes.ts';
import { coresText, sumOf, unknownAmount } from '#core/preview/amounts.ts';
import type { Amount, ContainerPreview, PodPreview, PreviewSum, PreviewTotals } from '#core/preview/model.ts';

/** What all pods ask for together, at the least and at the most. Limits are not summed: the scheduler only looks at requests. */
export function totalsOf(pods: readonly PodPreview[]): PreviewTotals | undefined {
  if (pods.length === 0) return undefined;
  return { least: sumUp(pods, 'least'), most: sumUp(pods, 'most') };
}

function sumUp(pods: readonly PodPreview[], bound: 'least' | 'most'): PreviewSum {
  const counts = pods.map(({ count }) => count[bound]);
  const isKnown = counts.every((count) => count !== undefined);
  const total = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const times = (resource: Resource): readonly Amount[] =>
    pods.map((pod) => multiply(podRequest(pod, resource), pod.count[bound], bound));
  return {
    pods: isKnown ? { text: String(total), least: total, most: total } : { text: unboundText(pods, bound) },
    cpu: boundedSum(pods, bound, sumOf(times('cpuRequest'), coresText)),
    memory: boundedSum(pods, bound, sumOf(times('memoryRequest'), sizeText)),
  };
}

/** Without a maximum there is no sum of it. */
function boundedSum(pods: readonly PodPreview[], bound: 'least' | 'most', sum: Amount): Amount {
  return sum.state === 'unknown' && isUnbound(pods, bound) ? { ...sum, text: 'without a bound' } : sum;
}

function unboundText(pods: readonly PodPreview[], bound: 'least' | 'most'): string {
  return isUnbound(pods, bound) ? 'without a bound' : 'unknown';
}

function isUnbound(pods: readonly PodPreview[], bound: 'least' | 'most'): boolean {
  const counts = pods.map(({ count }) => count);
  return (
    bound === 'most' &&
    counts.every(({ least }) => least !== undefined) &&
    counts.some(({ most }) => most === undefined)
  );
}

type Resource = 'cpuRequest' | 'memoryRequest';

/**
 * What the scheduler reserves for a pod: the sum of its containers, or its largest init container when that is more.
 * Source: Kubernetes documentation, "Init Containers", effective requests.
 */
function podRequest({ containers }: PodPreview, resource: Resource): Amount {
  const amountsOf = (list: readonly ContainerPreview[]): readonly Amount[] => list.map((one) => one[resource]);
  const format = resource === 'cpuRequest' ? coresText : sizeText;
  const together = sumOf(amountsOf(containers.filter(({ isInit }) => !isInit)), format);
  const first = amountsOf(containers.filter(({ isInit }) => isInit));
  const unknown = first.find(({ state }) => state === 'unknown');
  if (together.state === 'unknown' || unknown !== undefined) return unknown ?? together;
  return first.reduce<Amount>(larger, together);
}

function larger(one: Amount, other: Amount): Amount {
  if (other.state !== 'known') return one;
  return one.state !== 'known' || other.value > one.value ? other : one;
}

function multiply(amount: Amount, count: number | undefined, bound: 'least' | 'most'): Amount {
  if (amount.state !== 'known') return amount;
  if (count === undefined) return unknownAmount(`the ${bound} number of pods is not known`);
  return { ...amount, value: amount.value * count };
}
