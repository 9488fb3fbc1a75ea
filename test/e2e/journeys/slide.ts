import assert from 'node:assert/strict';
import path from 'node:path';
import { inProject } from '../../../scripts/editor/paths.mjs';
import { lintFindings, lintFixed } from '../support/commandLine.ts';
import type { Journey, Stage } from '../support/stage.ts';
import { waitFor } from '../support/waiting.ts';
import type { Workbench } from '../support/workbench.ts';

/** The manifest as the slides of the talk show it: it does not even parse. */
export const slide: Journey = {
  name: 'slide: from errors to two warnings by fix-all',
  run: (stage) => repair(stage, 'cassandra-slide.yaml', { picture: 'slide', line: 42 }),
};

/** The same content so indented that it parses, with everything hanging under the last port. */
export const nestedSlide: Journey = {
  name: 'slide, nested: from errors to two warnings by fix-all',
  run: (stage) => repair(stage, 'cassandra-slide-nested.yaml', { picture: 'slide-nested', line: 42 }),
};

/** What an operator has to decide when every block stands where it belongs: one seed for five members, a probe that believes the node. */
const leftForTheOperator = ['CAS01', 'CAS13'];

/** `line` is the one in the middle of the pictures. */
async function repair(stage: Stage, name: string, { picture, line }: { picture: string; line: number }): Promise<void> {
  const { step } = stage;
  const sample = inProject('samples', name);
  const expectedFindings = await lintFindings(sample);
  const file = await stage.addSample(name);
  const workbench = await stage.openEditor();

  await step(`${name} opens`, () => workbench.openFile(name));
  await step('Problems shows what lint finds, each once, from data-clusters', async () => {
    assert(expectedFindings.length > 0, 'lint finds nothing in the sample, so there is nothing to show');
    await workbench.showProblems();
    await waitFor(
      `${expectedFindings.length} problems`,
      async () => ((await workbench.problemCount()) === expectedFindings.length ? true : undefined),
      async () => `The editor counts ${await workbench.problemCount()}.`,
    );
    for (const { text } of await workbench.problems()) assert.match(text, /data-clusters/);
  });
  await showLine(workbench, line);
  await stage.takePicture(workbench, `${picture}-findings`);

  await step('one command repairs everything', async () => {
    await workbench.runCommand('Data Clusters: Fix All Findings');
    await waitFor(
      `${leftForTheOperator.length} problems`,
      async () => ((await workbench.problemCount()) === leftForTheOperator.length ? true : undefined),
      async () => (await workbench.problems()).map(({ text }) => text).join('\n'),
    );
  });
  await step('what is saved equals what lint --fix writes', async () => {
    await workbench.save(name);
    assert.equal(await stage.readFile(path.basename(file)), await lintFixed(sample));
    const left = await lintFindings(file);
    assert.deepEqual(
      left.map(({ code, severity }) => `${severity} ${code}`),
      leftForTheOperator.map((code) => `warning ${code}`),
    );
  });
  await showLine(workbench, line);
  await stage.takePicture(workbench, `${picture}-fixed`);
}

/** Moves away first, so that the line comes to the middle of the editor. */
async function showLine(workbench: Workbench, line: number): Promise<void> {
  await workbench.goTo(1, 1);
  await workbench.goTo(line, 1);
}
