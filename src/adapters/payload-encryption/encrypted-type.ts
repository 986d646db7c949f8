/** The media type of a JWE in compact form. Source: RFC 7515, section 9.2.1. */
export const encryptedType = 'application/jose';
