// A position: a number, or where it is in memory a word that is read when the kernel runs. Whoever uses
// it caps what it says. A parameter is three KernelArguments: the word's buffer, 1 or 0, the number.

#define POSITION(name) BUFFER(name##_word), uint name##_in_memory, uint name##_number
#define POSITION_OF(name) (name##_in_memory ? *TYPED(const uint, name##_word) : name##_number)
