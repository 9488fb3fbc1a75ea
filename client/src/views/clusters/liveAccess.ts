import type { LiveAccess } from '#client/actions/deps.ts';
import type { LiveContexts } from '#client/live/liveContexts.ts';

/** The connections of the view as actions use them: an action on a row works with what the row was drawn from. */
export function liveAccess(contexts: LiveContexts): LiveAccess {
  return {
    clusterOf: async (context) => (await contexts.connect(context)).cluster,
    viewOf: (context) => contexts.connected(context)?.watch.view,
    policyOf: (context) => contexts.policy(context),
    contexts: async () => {
      await contexts.open();
      return contexts.contexts.filter(({ isVanished }) => !isVanished).map(({ summary }) => summary);
    },
    connectedContexts: () =>
      contexts.contexts.filter(({ connection }) => connection === 'open').map(({ summary }) => summary.name),
    onDidChangeViews: (listener) => contexts.onDidChange(listener),
  };
}
