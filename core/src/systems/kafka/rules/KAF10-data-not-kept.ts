import { quoteText } from '#core/lint/structure/describe.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { isMissing, placeOf, splitList, type BrokerConfig, type Setting } from '#core/systems/kafka/brokerConfig.ts';
import { viewBrokers, type BrokerWorkload } from '#core/systems/kafka/brokers.ts';

/** Where Kafka keeps its data when nobody says so. */
const DEFAULT_DIRECTORY = '/tmp/kafka-logs';

export const dataNotKept: ObjectRule = {
  id: 'KAF10',
  title: 'The data of a broker lie where they are lost with the pod',
  severity: 'error',
  source: 'Kafka 4.3 ServerLogConfigs (log.dirs); Kubernetes documentation of emptyDir',
  fixable: false,
  refusedBy: 'nobody',
  why: `A broker of a StatefulSet is meant to come back with its data. If \`log.dirs\` is on no volume, they are gone with every restart of the
container, and on an emptyDir with every new pod. The broker then starts empty, copies everything again, and records that only it had are
lost. A controller loses its vote. Point \`log.dirs\` below the mount of a volume claim.`,
  subject: 'object',
  check: (object, report) => {
    if (object.groupKind !== 'apps/StatefulSet') return;
    for (const { config, workload, home } of viewBrokers(object)) {
      if (!workload || workload.container.field('volumeMounts').isOpen || workload.pod.spec.isOpen) continue;
      const setting = config.settings.get('log.dirs') ?? config.settings.get('log.dir');
      if (setting) checkSetting(setting, workload, report);
      else if (isDefault(config)) checkDefault(home, workload, report);
    }
  },
};

function isDefault(config: BrokerConfig): boolean {
  return isMissing(config, 'log.dirs') && isMissing(config, 'log.dir');
}

function checkSetting(setting: Setting, workload: BrokerWorkload, report: Report): void {
  for (const directory of splitList(setting.value ?? '')) {
    const loss = lossOf(directory, workload);
    if (loss === undefined) continue;
    report({
      ...placeOf(setting),
      cause: 'invalid',
      message: `The data of the broker are in ${quoteText(directory)}, ${loss}.`,
    });
    return;
  }
}

function checkDefault(home: NodeView, workload: BrokerWorkload, report: Report): void {
  const loss = lossOf(DEFAULT_DIRECTORY, workload);
  if (loss === undefined) return;
  const message = `log.dirs is not set, so the data of the broker are in ${quoteText(DEFAULT_DIRECTORY)}, ${loss}.`;
  report({ at: home, cause: 'required', message });
}

/** How the data of a directory get lost; undefined when they are kept, or when that cannot be told. */
function lossOf(directory: string, { pod, container }: BrokerWorkload): string | undefined {
  const mounts = container.field('volumeMounts').items.map((mount) => ({
    path: mount.field('mountPath').text?.replace(/\/+$/, ''),
    name: mount.field('name').text,
  }));
  if (!directory.startsWith('/') || mounts.some(({ path }) => path === undefined)) return undefined;
  const covering = mounts.filter(({ path }) => directory === path || directory.startsWith(`${path ?? ''}/`));
  const [mount] = covering.toSorted((a, b) => (b.path?.length ?? 0) - (a.path?.length ?? 0));
  if (!mount) return 'which is on no volume: they are gone when the container restarts';
  const isClaimed = pod.claims.some((claim) => claim.at('metadata', 'name').text === mount.name);
  const volume = pod.volumes.find((view) => view.field('name').text === mount.name);
  if (isClaimed || !volume?.field('emptyDir').isPresent) return undefined;
  return `on the emptyDir ${quoteText(mount.name ?? '')}: they are gone when the pod moves or is made anew`;
}
