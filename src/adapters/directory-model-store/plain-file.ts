/** What a small file of a version, such as labels.txt, may be called. */
export const plainFile = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,254}$/;
