/**
 * As long as API Gateway waits for the next byte of a stream, and so for its first. Source: AWS, "Stream the
 * integration response".
 */
export const mostSilentMs: number = 5 * 60_000;
