import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { inProject } from '../../../../../scripts/editor/paths.mjs';
import { run } from '../../commands.ts';
import { versions } from '../../versions.ts';
import { pom, type Artifact } from '../images/contents.ts';
import { digest, hasJars, makeOnce, mavenJars } from '../images/layers.ts';

const group = 'org.apache.spark';
const artifacts: readonly Artifact[] = [{ group, name: `spark-kubernetes_${versions.scala}`, version: versions.spark }];
const compiler: readonly Artifact[] = [{ group: 'org.eclipse.jdt', name: 'ecj', version: versions.ecj }];
const source = inProject('test', 'cluster', 'bed', 'native', 'spark', 'Job.java');

/** Folders on this machine that the pods of Spark mount. */
export interface SparkFiles {
  readonly jars: string;
  /** The class of the bed's own application. */
  readonly job: string;
}

export const hasSparkFiles = (): boolean => hasJars('spark', pom('spark', artifacts));

/** Brings the jars by Maven and compiles the application, each unless it is in the cache. */
export async function ensureSparkFiles(): Promise<SparkFiles> {
  const jars = await mavenJars('spark', pom('spark', artifacts));
  const tools = await mavenJars('ecj', pom('ecj', compiler));
  const job = await makeOnce(`spark-job-${digest([readFileSync(source, 'utf8'), jars])}`, async (folder) => {
    await mkdir(folder);
    const ecj = path.join(tools, `ecj-${versions.ecj}.jar`);
    // The compiler does not know the star that stands for all jars of a folder.
    const classpath = readdirSync(jars)
      .map((name) => path.join(jars, name))
      .join(':');
    await run('java', ['-jar', ecj, `-${versions.java}`, '-nowarn', '-cp', classpath, '-d', folder, source]);
  });
  return { jars, job };
}
