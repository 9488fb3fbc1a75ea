import { describe, expect, it } from 'vitest';
import { OpenObjects } from '#client/actions/openObjects.ts';
import { edited, secret } from '#test/core/live/edit/objects.ts';

const START = 1_000;

describe('OpenObjects', () => {
  it('hides values of a Secret until they are asked for, and again after the document was closed', () => {
    const objects = new OpenObjects(START);
    expect(objects.put('a', secret).text).not.toContain('aHVudGVyMg');
    objects.display('a', 'decoded');
    expect(objects.get('a')?.text).toContain('hunter2');
    expect(objects.put('a', secret).text).toContain('hunter2');
    objects.forget('a');
    expect(objects.put('a', secret).text).not.toContain('hunter2');
  });

  it('has a later version exactly when the text is another one, and when it is touched', () => {
    const objects = new OpenObjects(START);
    const first = objects.put('a', secret).version;
    expect(first).toBeGreaterThan(START);
    expect(objects.put('a', structuredClone(secret)).version).toBe(first);
    const changed = objects.put('a', edited(secret, ['metadata', 'labels'], { x: 'y' })).version;
    expect(changed).toBeGreaterThan(first);
    objects.touch('a');
    expect(objects.get('a')?.version).toBeGreaterThan(changed);
  });
});
