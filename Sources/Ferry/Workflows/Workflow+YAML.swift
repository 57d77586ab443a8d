import FerryDevices

extension Workflow {
  /// Reads a workflow, and checks everything that can be checked before a model is loaded.
  ///
  /// - Throws: ``WorkflowError`` with the line.
  public init(contentsOf path: String) throws {
    let root = try YAMLValue(contentsOf: path)
    let fields = try root.fields(["device", "budget", "order", "models", "items", "stages"])
    let models = try root.required(fields, "models").mapping().map { name, value in
      Model(name: name, checkpoint: try value.string(), line: value.line)
    }
    let listed = try fields["items"].map { try Self.items($0) }
    let items = listed ?? [[:]]
    var reader = StageReader(models: Set(models.map(\.name)), items: listed)
    self.path = path
    self.device = try fields["device"].map { try Self.device($0) } ?? .cpu
    self.budget = try fields["budget"].map { try Self.budget($0) } ?? .share(0.9)
    self.order = try fields["order"].map { try Self.order($0) } ?? .items
    self.models = models
    self.items = items
    self.stages = try root.required(fields, "stages").list().map { try reader.stage($0) }
    guard !stages.isEmpty else { throw root.error("a workflow has at least one stage") }
  }

  private static func device(_ value: YAMLValue) throws -> Device {
    guard let device = Device(try value.string()) else {
      throw try value.mismatch("a device (\(Device.form))")
    }
    return device
  }

  private static func order(_ value: YAMLValue) throws -> Order {
    guard let order = Order(rawValue: try value.string()) else {
      throw try value.mismatch("an order ('items', all stages of an item, or 'stages')")
    }
    return order
  }

  private static func budget(_ value: YAMLValue) throws -> MemoryAmount {
    guard let amount = MemoryAmount(try value.string()) else {
      throw try value.mismatch("a budget (\(MemoryAmount.form))")
    }
    return amount
  }

  /// Items are texts, or mappings of fields; a text is the field `value`.
  private static func items(_ value: YAMLValue) throws -> [[String: String]] {
    let items = try value.list().map { item -> [String: String] in
      if item.isText { return ["value": try item.string()] }
      let fields = try item.mapping().map { ($0.key, try $0.value.string()) }
      return Dictionary(uniqueKeysWithValues: fields)
    }
    guard !items.isEmpty else { throw value.error("a workflow works on at least one item") }
    return items
  }
}

extension YAMLValue {
  /// The value of a key that must be there.
  func required(_ fields: [String: YAMLValue], _ key: String) throws -> YAMLValue {
    guard let value = fields[key] else { throw error("'\(key)' is missing") }
    return value
  }
}

/// Reads stages one after the other: each may use what those before it made.
private struct StageReader {
  let models: Set<String>
  /// The items; nil if the file has none, in which case no text may use a field.
  let items: [[String: String]]?
  private var names: Set<String> = []
  private var conversations: [String: Conversation] = [:]

  /// What all turns of a conversation have in common.
  private struct Conversation: Equatable {
    let model: String
    let usesChatTemplate: Bool
  }

  private static let tasks = ["choose", "generate", "upscale"]

  init(models: Set<String>, items: [[String: String]]?) {
    self.models = models
    self.items = items
  }

  mutating func stage(_ value: YAMLValue) throws -> Workflow.Stage {
    let fields = try value.fields(["name", "model", "seconds"] + Self.tasks)
    let nameValue = try value.required(fields, "name")
    let modelValue = try value.required(fields, "model")
    let (name, model) = (try nameValue.string(), try modelValue.string())
    guard models.contains(model) else {
      let known = models.sorted().joined(separator: ", ")
      throw modelValue.error("there is no model '\(model)'; the models are \(known)")
    }
    guard name != "item", !name.contains("."), !names.contains(name) else {
      throw nameValue.error("the stage name '\(name)' is taken, or has a dot in it")
    }
    let stage = Workflow.Stage(
      name: name, model: model, task: try task(value, fields, of: model),
      seconds: try fields["seconds"]?.number(0...1e6) ?? 1, line: value.line)
    names.insert(name)
    return stage
  }

  private mutating func task(
    _ value: YAMLValue, _ fields: [String: YAMLValue], of model: String
  ) throws -> Workflow.Task {
    let given = Self.tasks.filter { fields[$0] != nil }
    guard given.count == 1, let task = fields[given[0]] else {
      throw value.error("a stage has one task: \(Self.tasks.joined(separator: ", "))")
    }
    switch given[0] {
    case "choose": return try choose(task)
    case "generate": return try generate(task, model)
    default: return try upscale(task)
    }
  }

  private func choose(_ value: YAMLValue) throws -> Workflow.Task {
    let fields = try value.fields(["query", "among"])
    let among = try value.required(fields, "among")
    let choices = try among.list().map { choice -> Workflow.Choice in
      if choice.isText {
        let text = try choice.string()
        return Workflow.Choice(text: text, result: text)
      }
      let fields = try choice.fields(["text", "result"])
      return Workflow.Choice(
        text: try choice.required(fields, "text").string(),
        result: try choice.required(fields, "result").string())
    }
    guard !choices.isEmpty else { throw among.error("there must be something to choose from") }
    return .choose(query: try template(value.required(fields, "query")), choices: choices)
  }

  private mutating func generate(_ value: YAMLValue, _ model: String) throws -> Workflow.Task {
    let fields = try value.fields(["prompt", "max-tokens", "raw", "conversation"])
    let usesChatTemplate = !(try fields["raw"]?.truth() ?? false)
    return .generate(
      prompt: try template(value.required(fields, "prompt")),
      maximumTokens: try fields["max-tokens"]?.integer(1...1_000_000) ?? 128,
      usesChatTemplate: usesChatTemplate,
      conversation: try fields["conversation"].map {
        try conversation($0, Conversation(model: model, usesChatTemplate: usesChatTemplate))
      })
  }

  /// The name of a conversation, of which this is a turn.
  private mutating func conversation(
    _ value: YAMLValue, _ conversation: Conversation
  ) throws -> String {
    let name = try value.string()
    guard conversations[name] ?? conversation == conversation else {
      throw value.error(
        "the conversation '\(name)' has one model, and is 'raw' in all its stages or in none")
    }
    conversations[name] = conversation
    return name
  }

  private func upscale(_ value: YAMLValue) throws -> Workflow.Task {
    let fields = try value.fields(["image", "output"])
    return .upscale(
      image: try template(value.required(fields, "image")),
      output: try template(value.required(fields, "output")))
  }

  /// A text whose places are fields that every item has, or stages before this one.
  private func template(_ value: YAMLValue) throws -> WorkflowTemplate {
    let text = try value.string()
    let template: WorkflowTemplate
    do throws(WorkflowTemplate.TemplateError) {
      template = try WorkflowTemplate(text)
    } catch {
      throw value.error(error.message)
    }
    for piece in template.pieces {
      switch piece {
      case .text: continue
      case .item(let field):
        if let problem = problem(withField: field) { throw value.error(problem) }
      case .stage(let name):
        guard names.contains(name) else {
          throw value.error("there is no stage '\(name)' before this one")
        }
      }
    }
    return template
  }

  /// Returns the reason a text cannot use a field of the items; nil if it can.
  private func problem(withField field: String) -> String? {
    guard let items else {
      return
        "there are no items whose field '\(field)' could stand here; give 'items', each with that field"
    }
    guard let number = items.firstIndex(where: { $0[field] == nil }) else { return nil }
    let known = items[number].keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
    return "item \(number + 1) has no field '\(field)'" + (known.isEmpty ? "" : "; it has \(known)")
  }
}
