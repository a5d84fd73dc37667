const { PATH, NODE_COMPILE_CACHE } = process.env;

/** For programs of ours that are to hear of no setting but those that a test names. */
export const PROGRAM_ENVIRONMENT: NodeJS.ProcessEnv = { PATH, NODE_COMPILE_CACHE };
