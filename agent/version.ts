declare const AGENT_VERSION: string | undefined;

/** The bundle's version, set when it is built; `source` when the sources run as they are. */
export function agentVersion(): string {
  return typeof AGENT_VERSION === 'undefined' ? 'source' : AGENT_VERSION;
}
