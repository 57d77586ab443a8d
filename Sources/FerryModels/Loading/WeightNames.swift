/// A cursor over the dotted names of a checkpoint: `names["layers"][3]["q_proj"]`.
package struct WeightNames: Sendable {
  /// The name so far ("model.layers.3.self_attn.q_proj").
  package let path: String

  /// The root: the empty name.
  package init() { path = "" }

  private init(path: String) { self.path = path }

  /// The name one step further down.
  package subscript(_ child: String) -> WeightNames {
    WeightNames(path: path.isEmpty ? child : "\(path).\(child)")
  }

  /// The name of an element of a list.
  package subscript(_ index: Int) -> WeightNames { self[String(index)] }

  /// The weight of the module at the cursor.
  package var weight: String { self["weight"].path }

  /// The bias of the module at the cursor.
  package var bias: String { self["bias"].path }
}
