// node scripts/pytest.ts PATH …: runs tests of Python in the suites' own environment.
import { runPytest } from './python.ts';

const { passed, failed } = runPytest(process.argv.slice(2), {});
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
