import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { link, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';

export interface Image {
  /** With its tag. The host part keeps container engines from putting that of a public registry in front. */
  readonly name: string;
  /** Uncompressed tar files, the lowest first. */
  readonly layers: readonly string[];
  readonly entrypoint: readonly string[];
  readonly user: string;
  readonly path: string;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const prefix = 'application/vnd.oci.image';

/** Writes an OCI image layout, in which images share the layers they have in common. */
export async function writeLayout(folder: string, images: readonly Image[]): Promise<void> {
  await mkdir(path.join(folder, 'blobs', 'sha256'), { recursive: true });
  const layers = new Map<string, Descriptor>();
  for (const file of new Set(images.flatMap((image) => image.layers))) layers.set(file, await addLayer(folder, file));
  const manifests: object[] = [];
  for (const image of images) manifests.push(await addImage(folder, image, layers));
  await writeFile(path.join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(path.join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}

async function addImage(folder: string, image: Image, known: ReadonlyMap<string, Descriptor>): Promise<object> {
  const layers = image.layers.flatMap((file) => known.get(file) ?? []);
  const configuration = {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    created: '2020-01-01T00:00:00Z',
    config: {
      Entrypoint: image.entrypoint,
      User: image.user,
      Env: [`PATH=${image.path}/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`],
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
    history: layers.map(() => ({ created_by: 'data-clusters test bed' })),
  };
  const config = await addJson(folder, `${prefix}.config.v1+json`, configuration);
  const mediaType = `${prefix}.manifest.v1+json`;
  const manifest = await addJson(folder, mediaType, { schemaVersion: 2, mediaType, config, layers });
  return { ...manifest, annotations: { 'io.containerd.image.name': image.name } };
}

async function addLayer(folder: string, file: string): Promise<Descriptor> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const digest = hash.digest('hex');
  await link(file, blob(folder, digest));
  return { mediaType: `${prefix}.layer.v1.tar`, digest: `sha256:${digest}`, size: statSync(file).size };
}

async function addJson(folder: string, mediaType: string, value: object): Promise<Descriptor> {
  const text = JSON.stringify(value);
  const digest = createHash('sha256').update(text).digest('hex');
  await writeFile(blob(folder, digest), text);
  return { mediaType, digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
}

const blob = (folder: string, digest: string): string => path.join(folder, 'blobs', 'sha256', digest);
