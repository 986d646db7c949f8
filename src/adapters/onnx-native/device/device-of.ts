import type { Api } from '../api.ts';
import { Device } from './device.ts';
import type { DevicePlace } from './device-place.ts';

const devices = new Map<string, Promise<Device>>();

/** The device at a place, the same each time. Rejects where nothing can run there; the next call tries again. */
export function deviceOf(api: Api, place: DevicePlace): Promise<Device> {
  const key = `${place.kind}:${place.id}`;
  const known = devices.get(key);
  if (known) return known;
  const opening = Device.open(api, place);
  devices.set(key, opening);
  opening.catch(() => devices.delete(key));
  return opening;
}
