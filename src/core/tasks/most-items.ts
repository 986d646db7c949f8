/** Items of one request. */
export const mostItems = 1024;
