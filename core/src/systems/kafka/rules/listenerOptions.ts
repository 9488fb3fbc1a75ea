import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

interface OptionRow {
  /** Below `configuration`, or below one of its `brokers`. */
  readonly path: readonly string[];
  /** Types of listeners that know it. */
  readonly types: readonly string[];
  /** Whether the value counts as none. */
  readonly isNothing?: (view: NodeView) => boolean;
}

const OUTSIDE = ['loadbalancer', 'nodeport', 'route', 'ingress', 'cluster-ip'];
const isEmpty = (view: NodeView): boolean => view.items.length === 0 && view.fields.length === 0;

/** Options of the bootstrap address and of each broker. */
const ADDRESS_OPTIONS: readonly OptionRow[] = [
  { path: ['host'], types: ['route', 'ingress'] },
  { path: ['loadBalancerIP'], types: ['loadbalancer'] },
  { path: ['nodePort'], types: ['nodeport', 'loadbalancer'] },
  { path: ['externalIPs'], types: ['nodeport'] },
  { path: ['labels'], types: OUTSIDE, isNothing: isEmpty },
  { path: ['annotations'], types: OUTSIDE, isNothing: isEmpty },
];

const OPTIONS: readonly OptionRow[] = [
  { path: ['useServiceDnsDomain'], types: ['internal', 'cluster-ip'] },
  { path: ['createBootstrapService'], types: ['loadbalancer'], isNothing: ({ boolean }) => boolean !== false },
  { path: ['ipFamilyPolicy'], types: OUTSIDE },
  { path: ['ipFamilies'], types: OUTSIDE },
  { path: ['class'], types: ['ingress', 'loadbalancer'] },
  { path: ['externalTrafficPolicy'], types: ['loadbalancer', 'nodeport'] },
  { path: ['loadBalancerSourceRanges'], types: ['loadbalancer'], isNothing: isEmpty },
  { path: ['finalizers'], types: ['loadbalancer'], isNothing: isEmpty },
  { path: ['preferredNodePortAddressType'], types: ['nodeport'] },
  ...ADDRESS_OPTIONS.map((row) => ({ ...row, path: ['bootstrap', ...row.path] })),
];

export interface MisplacedOption {
  readonly at: NodeView;
  readonly message: string;
}

/** Options that the type of a listener does not know. Source: ListenersValidator, Strimzi 0.51. Nothing is said of types that came later. */
export function misplacedOptions(listener: NodeView): readonly MisplacedOption[] {
  const type = listener.field('type').text;
  if (type === undefined || ![...OUTSIDE, 'internal'].includes(type)) return [];
  const configuration = listener.field('configuration');
  return [
    ...findMisplaced(configuration, OPTIONS, type),
    ...configuration.field('brokers').items.flatMap((broker) => findMisplaced(broker, ADDRESS_OPTIONS, type)),
  ];
}

function findMisplaced(owner: NodeView, rows: readonly OptionRow[], type: string): readonly MisplacedOption[] {
  return rows.flatMap(({ path, types, isNothing }) => {
    const at = owner.at(...path);
    if (!at.isPresent || types.includes(type) || isNothing?.(at) === true) return [];
    const name = quoteText(path.join('.'));
    return [{ at, message: `${name} is an option of ${listNames(types)} listeners, and this one is ${type}.` }];
  });
}
