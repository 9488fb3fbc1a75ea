import { run, tryRun } from '../bed/commands.ts';
import { asText } from '../bed/json.ts';
import type { Fault, FaultBed } from './fault.ts';
import { nodeNumberOf, nodeProcess } from './processes.ts';

const defaultImage = 'data-clusters.local/kafka:bed';

/** Keeps the layers from being collected while the name is gone. */
const hidden = (image: string): string => image.replace(/:([^:]+)$/, ':hidden-$1');

/** Containers go on; the next one of that image on that node waits, because no registry has it. */
export const unpullableImage: Fault = {
  name: 'unpullable-image',
  target: 'node',
  summary: `takes an image from a node, and there is no registry to pull it from; --image (default ${defaultImage})`,
  async apply(bed, target, { image = defaultImage }) {
    await images(bed, target, 'tag', '--force', image, hidden(image));
    await images(bed, target, 'rm', image);
    return { image };
  },
  async undo(bed, target, memo) {
    const image = asText(memo['image']) || defaultImage;
    await images(bed, target, 'tag', '--force', hidden(image), image);
    await tryRun('nsenter', inNode(bed, target, 'rm', hidden(image)));
  },
};

const images = (bed: FaultBed, target: string, ...args: string[]): Promise<string> =>
  run('nsenter', inNode(bed, target, ...args));

/** The node's own containerd, on its stock path in the node's mounts. */
function inNode(bed: FaultBed, target: string, ...args: string[]): string[] {
  const node = String(nodeProcess(bed, nodeNumberOf(target)));
  return ['--target', node, '--mount', '--', 'ctr', '-n', 'k8s.io', 'images', ...args];
}
