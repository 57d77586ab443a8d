// Attention of a block of rows and of all query heads that share a key head: tiles of keys, softmax with a
// running maximum, weighted sums of the values, in f32. Scores of bf16 by bf16 are sums of their exact products.
//
// Tiles begin at multiples of KEY_TILE positions. The sums over each FERRY_STRETCH positions are made apart, and
// then merged in order. What a row computes depends on its own queries, keys and values only. So results depend
// neither on how rows are cut into blocks nor on who computes which stretch.
//
// Sources: T. Dao, "FlashAttention-2", arXiv:2307.08691; the running maximum: M. Milakov and N. Gimelshein,
// "Online normalizer calculation for softmax", arXiv:1805.02867.

#include "attentionblock.h"
#include "attentionproducts.h"
#include "attentiontile.h"

// Adds what was summed over a stretch to what was over those before, for the rows that see something of it.
static void merge(const attention_block *b, attention_state whole, attention_state part, int64_t stretch) {
    for (int64_t q = 0; q < b->queries; q++) {
        int64_t seer = b->row + q / b->shared, first = first_seen(b->attention, seer) / FERRY_STRETCH;
        if (stretch < first || stretch * FERRY_STRETCH >= end_seen(b->attention, seer)) continue;
        float *sums = whole.sums + q * b->width, *totals = whole.totals + q * W;
        const float *more = part.sums + q * b->width, *more_totals = part.totals + q * W;
        float here = part.largest[q], before = stretch == first ? here : whole.largest[q];
        float largest = here > before ? here : before;
        vf old = v_exp(v_set1(before - largest)), new = v_exp(v_set1(here - largest));
        if (stretch == first) {
            memcpy(sums, more, (size_t)b->width * sizeof(float));
            memcpy(totals, more_totals, W * sizeof(float));
        } else {
            for (int64_t i = 0; i < b->width; i += W) {
                v_store(sums + i, v_fma(v_load(more + i), new, v_mul(v_load(sums + i), old)));
            }
            v_store(totals, v_fma(v_load(more_totals), new, v_mul(v_load(totals), old)));
        }
        whole.largest[q] = largest;
    }
}

static void store_means(const attention_block *b, int64_t head, attention_state state) {
    const ferry_attention *a = b->attention;
    for (int64_t q = 0; q < b->queries; q++) {
        vf total = v_set1(v_sum(v_load(state.totals + q * W)));
        for (int64_t i = 0; i < a->head_size; i += W) {
            vf mean = v_div(v_load(state.sums + q * b->width + i), total);
            store_up_to(a->output, a->output_type, query_number(b, head, q) * a->head_size + i, mean, a->head_size - i);
        }
    }
}

static void attend(const ferry_attention *a, int64_t row, int64_t rows, int64_t head, float *scratch) {
    attention_block b = block_of(a, row, rows);
    attention_state whole, part;
    lay_out_state(&b, lay_out_state(&b, lay_out(&b, scratch, 1), &whole), &part);
    load_queries(&b, head);
    int64_t end = end_seen(a, row + rows - 1), stretch = first_seen(a, row) / FERRY_STRETCH;
    for (; stretch * FERRY_STRETCH < end; stretch++) {
        position_range seen = seen_of(&b, stretch), rest = {seen.start, end};
        clear_state(&b, part);
        for (int64_t start = seen.start; start < seen.end; start += KEY_TILE) {
            attend_tile(&b, part, tile_of(head, seen, start), tile_of(head, rest, start + KEY_TILE));
        }
        merge(&b, whole, part, stretch);
    }
    store_means(&b, head, whole);
}

// The same block for another head of keys.
INLINE attention_block block_for(attention_block b, int64_t head) {
    b.query_units += head * b.queries * b.units;
    return b;
}

INLINE attention_state state_for(const attention_block *b, int64_t head, float *states) {
    attention_state state;
    lay_out_state(b, states + head * attention_state_count(b->attention, b->rows), &state);
    return state;
}

// Heads take turns at each tile, so that rows are read from the first element to the last.
static void attend_stretch(const ferry_attention *a, int64_t row, int64_t rows, int64_t stretch, float *states,
                           float *scratch) {
    attention_block b = block_of(a, row, rows);
    int64_t heads = a->key_value_heads;
    lay_out(&b, scratch, heads);
    for (int64_t head = 0; head < heads; head++) {
        attention_block one = block_for(b, head);
        load_queries(&one, head);
        clear_state(&one, state_for(&b, head, states));
    }
    position_range seen = seen_of(&b, stretch);
    for (int64_t start = seen.start; start < seen.end; start += KEY_TILE) {
        for (int64_t head = 0; head < heads; head++) {
            attention_block one = block_for(b, head);
            key_tile next = head + 1 < heads ? tile_of(head + 1, seen, start) : tile_of(0, seen, start + KEY_TILE);
            attend_tile(&one, state_for(&b, head, states), tile_of(head, seen, start), next);
        }
    }
}

static void finish_attention(const ferry_attention *a, int64_t row, int64_t rows, int64_t head, int64_t stretches,
                             float *states, float *scratch) {
    attention_block b = block_of(a, row, rows);
    attention_state whole;
    lay_out_state(&b, scratch, &whole);
    int64_t size = a->key_value_heads * attention_state_count(a, rows);
    for (int64_t stretch = 0; stretch < stretches; stretch++) {
        merge(&b, whole, state_for(&b, head, states + stretch * size), stretch);
    }
    store_means(&b, head, whole);
}
