// Jars of a release, copied by Maven into a cache outside the project, and what a Java program says of them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const cache = path.join(os.tmpdir(), 'data-clusters-catalogues');
const programs = path.join(import.meta.dirname, 'java');

/** The settings that the jars of a release declare, as the Java program of the system prints them. */
export function readRelease(program, { version, artifacts }) {
  const jars = jarsOf(artifacts);
  const classPath = [path.join(jars, '*')].join(path.delimiter);
  const classes = path.join(jars, 'programs');
  const output = path.join(jars, 'settings.json');
  const sources = [`${program}.java`, 'Json.java'].map((name) => path.join(programs, name));
  process.stderr.write(`${program} ${version}\n`);
  run('javac', ['-nowarn', '-cp', classPath, '-d', classes, ...sources]);
  run('java', ['-cp', [classes, classPath].join(path.delimiter), program, output]);
  return JSON.parse(readFileSync(output, 'utf8'));
}

function jarsOf(artifacts) {
  const project = projectOf(artifacts);
  const folder = path.join(cache, createHash('sha256').update(project).digest('hex').slice(0, 12));
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const file = path.join(unfinished, 'pom.xml');
  writeFileSync(file, project);
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${unfinished}`];
  run('mvn', ['-q', '-B', '-f', file, ...goal]);
  renameSync(unfinished, folder);
  return folder;
}

function run(command, words) {
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`${command} failed:\n${stdout}${stderr}`);
  if (stderr.includes('Error: ')) process.stderr.write(stderr);
}

const projectOf = (artifacts) => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>catalogues</groupId><artifactId>catalogues</artifactId><version>1</version>
  <dependencies>
${artifacts.map(dependencyOf).join('\n')}
  </dependencies>
</project>
`;

const ALONE = '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>';

const dependencyOf = ({ group, name, version, isAlone }) =>
  `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version>${isAlone ? ALONE : ''}</dependency>`;
