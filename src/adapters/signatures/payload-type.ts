/** What the payload of our envelopes is. */
export const payloadType = 'application/vnd.tensorgate.version+json';
