/**
 * Limits are those of an idle machine with two cores; everything may take that many times as long.
 * Only what fails takes longer by it.
 */
export const PATIENCE = Number(process.env.TESTBOX_PXE_PATIENCE ?? '4');
