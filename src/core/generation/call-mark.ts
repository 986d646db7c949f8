/** What models write before a call that were trained to mark it. */
export const callMark = '<tool_call>';
