/// How a pool decides.
package struct PoolOptions: Sendable {
  /// Who gives up memory first.
  package var policy: any EvictionPolicy
  /// How long a request may wait behind requests for a model that is there: the bound of being unfair, in seconds.
  /// Two clients that ask in turns for two models that do not fit together make the pool change once in this time,
  /// not at each request.
  package var patience: Double

  /// The defaults: ``ExpectedReuse``, and two seconds.
  package init(policy: any EvictionPolicy = ExpectedReuse(), patience: Double = 2) {
    self.policy = policy
    self.patience = patience
  }
}
