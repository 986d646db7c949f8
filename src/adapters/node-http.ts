/**
 * node:http, without an import of it: as a module it exports WebSocket too, for which Node loads fetch and all that
 * belongs to it, 30 ms of each start.
 */
export const nodeHttp = process.getBuiltinModule('node:http');
