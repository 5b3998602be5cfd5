"""Times matrix products of the system's OpenBLAS, and reading memory: limits.py THREADS SECONDS

Prints a JSON object: the name of OpenBLAS's kernels, GFLOP/s of each product `rows×inner×columns`, GB/s of reading
13 MB again and again (bandwidth.c, or NumPy's sum without a C compiler).
"""
import json
import os
import subprocess
import sys
import tempfile

threads, seconds = int(sys.argv[1]), float(sys.argv[2])
os.environ["OPENBLAS_NUM_THREADS"] = str(threads)

import ctypes  # noqa: E402
import statistics  # noqa: E402
import time  # noqa: E402

PRODUCTS = [(2048, 512, 1536), (32, 512, 1024)]
BYTES = 13_000_000


def rate(call, amount):
    """The median of amount per nanosecond."""
    times, end = [], time.perf_counter() + 1.2 * seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return amount / statistics.median(times[len(times) // 6:]) / 1e9


def products():
    blas = ctypes.CDLL("libopenblas.so.0")
    blas.openblas_get_corename.restype = ctypes.c_char_p
    blas.openblas_set_num_threads(threads)
    rates = {}
    for rows, inner, columns in PRODUCTS:
        x, kernel, y = ((ctypes.c_float * count)(*([0.5] * count))
                        for count in (rows * inner, inner * columns, rows * columns))
        one, zero = ctypes.c_float(1), ctypes.c_float(0)
        # 101 is row-major order, 111 a matrix as it is.
        call = lambda: blas.cblas_sgemm(101, 111, 111, rows, columns, inner, one, x, inner, kernel, columns, zero, y,
                                        columns)
        rates[f"{rows}×{inner}×{columns}"] = rate(call, 2 * rows * inner * columns)
    return {"kernels": blas.openblas_get_corename().decode(), "gflops": rates}


def bandwidth():
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bandwidth.c")
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "bandwidth")
        try:
            subprocess.run(["cc", "-O3", "-march=native", "-pthread", "-o", program, source], check=True)
            return float(subprocess.check_output([program, str(BYTES), str(threads), str(seconds)])), "bandwidth.c"
        except (OSError, subprocess.CalledProcessError):
            pass
    if threads > 1:
        return None, "no C compiler"
    import numpy
    values = numpy.ones(BYTES // 8)
    return rate(values.sum, BYTES), "NumPy's sum"


facts = products()
facts["bandwidth"], facts["read_by"] = bandwidth()
print(json.dumps({"threads": threads, **facts}))
