// Moves between vectors of four lanes that the compiler makes on every processor.

// Four vectors of neighbours in fours: element 4 t + j of them becomes lane t of vector j.
INLINE void v_deinterleave(vf *v) {
    vf a = __builtin_shufflevector(v[0], v[1], 0, 4, 1, 5);
    vf b = __builtin_shufflevector(v[0], v[1], 2, 6, 3, 7);
    vf c = __builtin_shufflevector(v[2], v[3], 0, 4, 1, 5);
    vf d = __builtin_shufflevector(v[2], v[3], 2, 6, 3, 7);
    v[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
    v[1] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
    v[2] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
    v[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}

// The inverse.
INLINE void v_interleave(vf *v) {
    v_deinterleave(v);
}

// Lanes 1 and up, and x behind them.
INLINE vf v_shift_in(vf v, float x) {
    return (vf){v[1], v[2], v[3], x};
}
