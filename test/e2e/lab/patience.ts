/** On a machine that does other things besides, everything may take that many times as long. */
export const PATIENCE = Number(process.env.TESTBOX_PXE_PATIENCE ?? '1');
