/** Something in a probe that a drained node does not pass: its clients' port is closed, and gossip is stopped. */
const SEES_DRAIN = /\b(?:statusbinary|statusgossip|cqlsh|info|gossipinfo|9042|gossipmode|netstats)\b/;

const NODE_STATUS = /\bnodetool\b[^;|&]*\bstatus\b/;

/** Images whose script only looks whether nodetool status has the word UN beside the own address. Source: kubernetes/examples, cassandra. */
const SCRIPT_IMAGE = /(?:^|\/)(?:google-samples|google_samples)\/cassandra(?:[:@]|$)/;

/** Whether all that a command looks at is what the node says of itself in `nodetool status`. */
export function asksOwnStatus(command: string, image: string): boolean {
  if (SEES_DRAIN.test(command)) return false;
  return NODE_STATUS.test(command) || (SCRIPT_IMAGE.test(image) && /(?:^|[\s/])ready-probe\.sh\s*$/.test(command));
}
