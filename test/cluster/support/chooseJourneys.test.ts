import { describe, expect, it } from 'vitest';
import { chooseJourneys } from '../../e2e/support/chooseJourneys.ts';

const broker = { name: 'live kafka: a broker', needs: ['kafka'] };
const jobs = { name: 'live jobs: a job', needs: ['training-operator', 'helm'] };
const slide = { name: 'slide' };

describe('journeys in a real cluster', () => {
  it('are all run where everything is deployed', () => {
    const all = [broker, jobs, slide];
    const everything = ['helm', 'kafka', 'training-operator'];
    expect(chooseJourneys(all, [], everything)).toEqual({ journeys: all, leftOut: undefined });
  });

  it('are named when they are left out, with what would bring them in', () => {
    const { journeys, leftOut } = chooseJourneys([broker, jobs], [], ['kafka', 'helm']);
    expect(journeys).toEqual([broker]);
    expect(leftOut).toContain('npm run cluster up training-operator)');
    expect(leftOut).toContain('"live jobs: a job"');
    expect(leftOut).not.toContain('\n');
  });

  it('fail when they were asked for and cannot be run', () => {
    expect(() => chooseJourneys([broker, jobs], ['live jobs'], ['kafka'])).toThrow(
      'npm run cluster up training-operator helm',
    );
  });

  it('fail when nothing is left to run, or nothing is of the name', () => {
    expect(() => chooseJourneys([broker, jobs], [], ['spark'])).toThrow('not deployed');
    expect(() => chooseJourneys([broker, jobs], ['jbos'], ['kafka'])).toThrow('No such journey');
  });

  it('are chosen by words of their names', () => {
    expect(chooseJourneys([broker, jobs, slide], ['slide', 'kafka'], ['kafka']).journeys).toEqual([broker, slide]);
  });
});
