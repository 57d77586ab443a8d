// swift-format-ignore-file
// Made by Scripts/architectures.py with transformers 5.24.0

extension ArchitectureTable {
  static let lines: StaticString = #"""
@ afmoe | model | AfmoeForCausalLM AfmoeModel
d - lm_head
o - embed_tokens
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp.router gate
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn gate_proj k_proj o_proj q_proj v_proj
t lm_head AfmoeForCausalLM
@ aimv2 | aimv2 | Aimv2Model
d - text_projection
o text_model.embeddings position_embedding token_embedding
o vision_model.embeddings position_embedding
q - visual_projection
q text_model.encoder.layers.*.attention k_proj out_proj q_proj v_proj
q text_model.encoder.layers.*.ffn down_proj gate_proj up_proj
q vision_model.encoder.layers.*.attention k_proj out_proj q_proj v_proj
q vision_model.encoder.layers.*.ffn down_proj gate_proj up_proj
q vision_model.head k_proj output_proj v_proj
t text_projection Aimv2Model
@ aimv2_vision_model | aimv2 | Aimv2VisionModel
o embeddings position_embedding
q encoder.layers.*.attention k_proj out_proj q_proj v_proj
q encoder.layers.*.ffn down_proj gate_proj up_proj
q head k_proj output_proj v_proj
@ albert | albert | AlbertForMaskedLM AlbertForMultipleChoice AlbertForPreTraining AlbertForQuestionAnswering AlbertForSequenceClassification AlbertForTokenClassification AlbertModel
d predictions decoder
h - classifier qa_outputs
h sop_classifier classifier
o embeddings position_embeddings token_type_embeddings word_embeddings
q - pooler
q encoder embedding_hidden_mapping_in
q encoder.albert_layer_groups.*.albert_layers.* ffn ffn_output
q encoder.albert_layer_groups.*.albert_layers.*.attention dense key query value
q predictions dense
t predictions.decoder AlbertForMaskedLM AlbertForPreTraining
@ align | align | AlignModel
o text_model.embeddings position_embeddings token_type_embeddings word_embeddings
q - text_projection
q text_model.encoder.layer.*.attention.output dense
q text_model.encoder.layer.*.attention.self key query value
q text_model.encoder.layer.*.intermediate dense
q text_model.encoder.layer.*.output dense
q text_model.pooler dense
@ altclip | altclip | AltCLIPModel
d - text_projection
o text_model.roberta.embeddings position_embeddings token_type_embeddings word_embeddings
o vision_model.embeddings position_embedding
q - visual_projection
q text_model transformation
q text_model.roberta.encoder.layers.*.attention.output dense
q text_model.roberta.encoder.layers.*.attention.self key query value
q text_model.roberta.encoder.layers.*.intermediate dense
q text_model.roberta.encoder.layers.*.output dense
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
= text_model.roberta.encoder.layer text_model.roberta.encoder.layers
= vision_model.encoder.layer vision_model.encoder.layers
t text_projection AltCLIPModel
@ apertus | model | ApertusForCausalLM ApertusForTokenClassification ApertusModel
d - lm_head
h - score
o - embed_tokens
q layers.*.mlp down_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head ApertusForCausalLM
@ apertus1p5 | model | Apertus1p5ForConditionalGeneration Apertus1p5Model
d - lm_head
o language_model embed_tokens
q language_model.layers.*.mlp down_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_tokenizer.quantize embedding
t lm_head Apertus1p5ForConditionalGeneration
@ apertus1p5_text | model | Apertus1p5TextForCausalLM Apertus1p5TextModel
d - lm_head
o - embed_tokens
q layers.*.mlp down_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head Apertus1p5TextForCausalLM
@ arcee | model transformer | ArceeForCausalLM ArceeForQuestionAnswering ArceeForSequenceClassification ArceeForTokenClassification ArceeModel
d - lm_head
h - qa_outputs score
o - embed_tokens
q layers.*.mlp down_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head ArceeForCausalLM
t score ArceeForSequenceClassification
@ aria | model | AriaForConditionalGeneration AriaModel
d - lm_head
o language_model embed_tokens
o language_model.layers.*.mlp router
o language_model.model embed_tokens
o language_model.model.layers.*.mlp router
o multi_modal_projector.cross_attn.multihead_attn out_proj
o vision_tower.embeddings position_embedding
q language_model.layers.*.mlp.shared_experts down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector.cross_attn k_proj linear q_proj v_proj
q multi_modal_projector.feed_forward linear_in linear_out
q vision_tower.encoder.layers.*.mlp fc1 fc2
q vision_tower.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
= language_model -
= language_model.model language_model
t lm_head AriaForConditionalGeneration
@ aria_text | model | AriaTextForCausalLM AriaTextModel
d - lm_head
o - embed_tokens
o layers.*.mlp router
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head AriaTextForCausalLM
@ audio-spectrogram-transformer | audio_spectrogram_transformer | ASTForAudioClassification ASTModel
h classifier dense
q layers.*.attention k_proj o_proj q_proj v_proj
q layers.*.mlp fc1 fc2
= encoder.layer.*.attention.attention.key layers.*.attention.k_proj
= encoder.layer.*.attention.attention.query layers.*.attention.q_proj
= encoder.layer.*.attention.attention.value layers.*.attention.v_proj
= encoder.layer.*.attention.output.dense layers.*.attention.o_proj
= encoder.layer.*.intermediate.dense layers.*.mlp.fc1
= encoder.layer.*.output.dense layers.*.mlp.fc2
@ audioflamingo3 | model | AudioFlamingo3ForConditionalGeneration AudioFlamingo3Model
d - lm_head
o audio_tower embed_positions
o language_model embed_tokens
o language_model.model embed_tokens
q audio_tower.layers.* fc1 fc2
q audio_tower.layers.*.self_attn k_proj out_proj q_proj v_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear_1 linear_2
= language_model -
= language_model.model language_model
t lm_head AudioFlamingo3ForConditionalGeneration
@ audioflamingo3_encoder | model | AudioFlamingo3Encoder
o - embed_positions
q layers.* fc1 fc2
q layers.*.self_attn k_proj out_proj q_proj v_proj
@ axk1 | model | AXK1ForCausalLM AXK1ForSequenceClassification AXK1ForTokenClassification AXK1Model
d - lm_head
h - score
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn kv_a_proj_with_mqa kv_b_proj o_proj q_a_proj q_b_proj
t lm_head AXK1ForCausalLM
t score AXK1ForSequenceClassification
@ axk2 | model | AXK2ForCausalLM AXK2ForSequenceClassification AXK2ForTokenClassification AXK2Model
d - lm_head
d layers.*.self_attn.indexer weights_proj
h - score
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.input_layernorm.mlp fc1 fc2
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.post_attention_layernorm.mlp fc1 fc2
q layers.*.self_attn kv_a_proj_with_mqa kv_b_proj o_proj q_a_proj q_gate_proj
q layers.*.self_attn.indexer wk wq_b
= layers.*.input_layernorm.W_down layers.*.input_layernorm.mlp.fc1
= layers.*.input_layernorm.W_up layers.*.input_layernorm.mlp.fc2
= layers.*.post_attention_layernorm.W_down layers.*.post_attention_layernorm.mlp.fc1
= layers.*.post_attention_layernorm.W_up layers.*.post_attention_layernorm.mlp.fc2
= layers.*.self_attn.q_b_proj layers.*.self_attn.q_gate_proj
t lm_head AXK2ForCausalLM
t score AXK2ForSequenceClassification
@ bailing_hybrid | model | BailingHybridForCausalLM BailingHybridModel
d - lm_head
o - embed_tokens word_embeddings
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn b_proj g_proj k_proj kv_a_proj_with_mqa kv_b_proj o_proj q_proj v_proj
q layers.*.self_attn.forget_gate f_proj
= layers.*.attention layers.*.self_attn
= layers.*.attention layers.*.self_attn.forget_gate
= layers.*.attention.dense layers.*.self_attn.o_proj
t lm_head BailingHybridForCausalLM
@ bamba | model | BambaForCausalLM BambaModel
d - lm_head
o - embed_tokens
q layers.*.feed_forward down_proj gate_proj up_proj
q layers.*.mamba in_proj out_proj
t lm_head BambaForCausalLM
@ bark |  | BarkModel
d fine_acoustics.lm_heads *
o coarse_acoustics input_embeds_layer position_embeds_layer
o fine_acoustics position_embeds_layer
o fine_acoustics.input_embeds_layers *
o semantic input_embeds_layer position_embeds_layer
q coarse_acoustics lm_head
q coarse_acoustics.layers.*.attn att_proj out_proj
q coarse_acoustics.layers.*.mlp in_proj out_proj
q fine_acoustics.layers.*.attn att_proj out_proj
q fine_acoustics.layers.*.mlp in_proj out_proj
q semantic lm_head
q semantic.layers.*.attn att_proj out_proj
q semantic.layers.*.mlp in_proj out_proj
@ bart | model | BartForCausalLM BartForConditionalGeneration BartForQuestionAnswering BartForSequenceClassification BartModel
d - lm_head
h - qa_outputs
h classification_head out_proj
o - shared
o decoder embed_positions embed_tokens
o encoder embed_positions embed_tokens
q classification_head dense
q decoder.layers.* fc1 fc2
q decoder.layers.*.encoder_attn k_proj out_proj q_proj v_proj
q decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q encoder.layers.* fc1 fc2
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t lm_head BartForCausalLM BartForConditionalGeneration
@ beam | model | BeamForCausalLM BeamForTokenClassification BeamModel
d - lm_head
h - score
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn gate_proj k_proj o_proj q_proj v_proj
t lm_head BeamForCausalLM
@ beit | beit | BeitBackbone BeitForImageClassification BeitModel
h - classifier
q layers.*.attention k_proj o_proj q_proj v_proj
q layers.*.mlp fc1 fc2
= encoder.layer.*.attention.attention.key layers.*.attention.k_proj
= encoder.layer.*.attention.attention.query layers.*.attention.q_proj
= encoder.layer.*.attention.attention.value layers.*.attention.v_proj
= encoder.layer.*.attention.output.dense layers.*.attention.o_proj
= encoder.layer.*.intermediate.dense layers.*.mlp.fc1
= encoder.layer.*.output.dense layers.*.mlp.fc2
@ bert | bert | BertForMaskedLM BertForMultipleChoice BertForNextSentencePrediction BertForPreTraining BertForQuestionAnswering BertForSequenceClassification BertForTokenClassification BertLMHeadModel BertModel
d cls.predictions decoder
h - classifier qa_outputs
h cls seq_relationship
o embeddings position_embeddings token_type_embeddings word_embeddings
q cls.predictions.transform dense
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q pooler dense
t cls.predictions.decoder BertForMaskedLM BertForPreTraining BertLMHeadModel
@ bert-generation | bert | BertGenerationDecoder BertGenerationEncoder
d lm_head decoder
o embeddings position_embeddings word_embeddings
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
t lm_head.decoder BertGenerationDecoder
@ big_bird | bert | BigBirdForCausalLM BigBirdForMaskedLM BigBirdForMultipleChoice BigBirdForPreTraining BigBirdForQuestionAnswering BigBirdForSequenceClassification BigBirdForTokenClassification BigBirdModel
d cls.predictions decoder
h - classifier
h classifier out_proj
h cls seq_relationship
h qa_classifier qa_outputs
o embeddings position_embeddings token_type_embeddings word_embeddings
q - pooler
q classifier dense
q cls.predictions.transform dense
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q qa_classifier.intermediate dense
q qa_classifier.output dense
t cls.predictions.decoder BigBirdForCausalLM BigBirdForMaskedLM BigBirdForPreTraining
@ bigbird_pegasus | model | BigBirdPegasusForCausalLM BigBirdPegasusForConditionalGeneration BigBirdPegasusForQuestionAnswering BigBirdPegasusForSequenceClassification BigBirdPegasusModel
d - lm_head
h - qa_outputs
h classification_head out_proj
o - shared
o decoder embed_positions embed_tokens
o encoder embed_positions embed_tokens
q classification_head dense
q decoder.layers.* fc1 fc2
q decoder.layers.*.encoder_attn k_proj out_proj q_proj v_proj
q decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q encoder.layers.* fc1 fc2
q encoder.layers.*.self_attn output
q encoder.layers.*.self_attn.self key query value
t lm_head BigBirdPegasusForCausalLM BigBirdPegasusForConditionalGeneration
@ biogpt | biogpt | BioGptForCausalLM BioGptForSequenceClassification BioGptForTokenClassification BioGptModel
d - output_projection score
h - classifier
o - embed_positions embed_tokens
q layers.* fc1 fc2
q layers.*.self_attn k_proj out_proj q_proj v_proj
t output_projection BioGptForCausalLM
t score BioGptForSequenceClassification
@ bit | bit | BitBackbone BitForImageClassification BitModel
q classifier *
@ bitnet | model | BitNetForCausalLM BitNetModel
d - lm_head
o - embed_tokens
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head BitNetForCausalLM
@ blenderbot | model | BlenderbotForCausalLM BlenderbotForConditionalGeneration BlenderbotModel
d - lm_head
o - shared
o decoder embed_positions embed_tokens
o encoder embed_positions embed_tokens
q decoder.layers.* fc1 fc2
q decoder.layers.*.encoder_attn k_proj out_proj q_proj v_proj
q decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q encoder.layers.* fc1 fc2
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t lm_head BlenderbotForCausalLM BlenderbotForConditionalGeneration
@ blenderbot-small | model | BlenderbotSmallForCausalLM BlenderbotSmallForConditionalGeneration BlenderbotSmallModel
& blenderbot
t lm_head BlenderbotSmallForCausalLM BlenderbotSmallForConditionalGeneration
@ blip | blip | BlipForConditionalGeneration BlipForQuestionAnswering BlipModel
d - text_projection
h text_decoder.cls.predictions decoder
o text_decoder.bert.embeddings position_embeddings word_embeddings
o text_encoder.embeddings position_embeddings word_embeddings
o text_model.embeddings position_embeddings word_embeddings
q - visual_projection
q text_decoder.bert.encoder.layer.*.attention.output dense
q text_decoder.bert.encoder.layer.*.attention.self key query value
q text_decoder.bert.encoder.layer.*.crossattention.output dense
q text_decoder.bert.encoder.layer.*.crossattention.self key query value
q text_decoder.bert.encoder.layer.*.intermediate dense
q text_decoder.bert.encoder.layer.*.output dense
q text_decoder.cls.predictions.transform dense
q text_encoder.encoder.layer.*.attention.output dense
q text_encoder.encoder.layer.*.attention.self key query value
q text_encoder.encoder.layer.*.crossattention.output dense
q text_encoder.encoder.layer.*.crossattention.self key query value
q text_encoder.encoder.layer.*.intermediate dense
q text_encoder.encoder.layer.*.output dense
q text_model.encoder.layer.*.attention.output dense
q text_model.encoder.layer.*.attention.self key query value
q text_model.encoder.layer.*.crossattention.output dense
q text_model.encoder.layer.*.crossattention.self key query value
q text_model.encoder.layer.*.intermediate dense
q text_model.encoder.layer.*.output dense
q text_model.pooler dense
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn projection qkv
t text_decoder.cls.predictions.decoder BlipForConditionalGeneration BlipForQuestionAnswering
t text_projection BlipModel
@ blip-2 | blip | Blip2ForConditionalGeneration Blip2ForImageTextRetrieval Blip2Model
d language_model lm_head
d qformer.encoder.layer.*.attention.attention key query value
d qformer.encoder.layer.*.attention.output dense
d qformer.encoder.layer.*.crossattention.attention key query value
d qformer.encoder.layer.*.crossattention.output dense
d qformer.encoder.layer.*.intermediate_query dense
d qformer.encoder.layer.*.output_query dense
h - itm_head
o embeddings position_embeddings word_embeddings
o language_model.model.decoder embed_positions embed_tokens
q - language_projection text_projection vision_projection
q language_model.model.decoder.layers.* fc1 fc2
q language_model.model.decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn projection qkv
t language_model.lm_head Blip2ForConditionalGeneration Blip2Model
@ blip_2_qformer | blip | Blip2QFormerModel
q encoder.layer.*.attention.attention key query value
q encoder.layer.*.attention.output dense
q encoder.layer.*.crossattention.attention key query value
q encoder.layer.*.crossattention.output dense
q encoder.layer.*.intermediate_query dense
q encoder.layer.*.output_query dense
@ bloom | transformer | BloomForCausalLM BloomForQuestionAnswering BloomForSequenceClassification BloomForTokenClassification BloomModel
d - lm_head score
h - classifier qa_outputs
o - word_embeddings
q h.*.mlp dense_4h_to_h dense_h_to_4h
q h.*.self_attention dense query_key_value
t lm_head BloomForCausalLM
t score BloomForSequenceClassification
@ blt | model | BltForCausalLM BltModel
d - lm_head
d patcher lm_head
o - encoder_hash_tok_embedding
o local_encoder embed_tokens
o patcher embed_tokens
q global_transformer.layers.*.mlp down_proj gate_proj up_proj
q global_transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
q local_decoder patch_embedding_projection
q local_decoder.cross_attn_layers.* k_proj o_proj q_proj v_proj
q local_decoder.layers.*.mlp down_proj gate_proj up_proj
q local_decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q local_encoder patch_embedding_projection
q local_encoder.cross_attn_layers.* k_proj o_proj q_proj v_proj
q local_encoder.layers.*.mlp down_proj gate_proj up_proj
q local_encoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q patcher.layers.*.mlp down_proj gate_proj up_proj
q patcher.layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head BltForCausalLM
t model.patcher.lm_head BltForCausalLM
t patcher.lm_head BltModel
@ bridgetower | bridgetower | BridgeTowerModel
o - token_type_embeddings
o text_model.embeddings position_embeddings token_type_embeddings word_embeddings
o vision_model.visual.embeddings position_embedding
o vision_model.visual.transformer.resblocks.*.attn out_proj
q - cross_modal_image_transform cross_modal_text_transform
q cross_modal_image_layers.*.attention.output dense
q cross_modal_image_layers.*.attention.self key query value
q cross_modal_image_layers.*.crossattention.output dense
q cross_modal_image_layers.*.crossattention.self key query value
q cross_modal_image_layers.*.intermediate dense
q cross_modal_image_layers.*.output dense
q cross_modal_image_pooler dense
q cross_modal_text_layers.*.attention.output dense
q cross_modal_text_layers.*.attention.self key query value
q cross_modal_text_layers.*.crossattention.output dense
q cross_modal_text_layers.*.crossattention.self key query value
q cross_modal_text_layers.*.intermediate dense
q cross_modal_text_layers.*.output dense
q cross_modal_text_pooler dense
q text_model.encoder.layer.*.attention.output dense
q text_model.encoder.layer.*.attention.self key query value
q text_model.encoder.layer.*.intermediate dense
q text_model.encoder.layer.*.output dense
q text_model.pooler dense
q vision_model.visual.transformer.resblocks.*.mlp c_fc c_proj
@ bros | bros | BrosForTokenClassification BrosModel
h - classifier
o embeddings position_embeddings token_type_embeddings word_embeddings
q bbox_embeddings bbox_projection
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q pooler dense
@ camembert | roberta | CamembertForCausalLM CamembertForMaskedLM CamembertForMultipleChoice CamembertForQuestionAnswering CamembertForSequenceClassification CamembertForTokenClassification CamembertModel
d lm_head decoder
h - classifier qa_outputs
h classifier out_proj
o embeddings position_embeddings token_type_embeddings word_embeddings
q classifier dense
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q lm_head dense
q pooler dense
t lm_head.decoder CamembertForCausalLM CamembertForMaskedLM
@ canary | model | CanaryForConditionalGeneration CanaryModel
d - proj_out
o decoder embed_tokens
q decoder.layers.*.encoder_attn k_proj o_proj q_proj v_proj
q decoder.layers.*.mlp fc1 fc2
q decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q encoder.layers.*.feed_forward1 linear1 linear2
q encoder.layers.*.feed_forward2 linear1 linear2
q encoder.layers.*.self_attn k_proj o_proj q_proj relative_k_proj v_proj
q encoder.subsampling linear
t proj_out CanaryForConditionalGeneration
@ canine | canine | CanineForMultipleChoice CanineForQuestionAnswering CanineForSequenceClassification CanineForTokenClassification CanineModel
h - classifier qa_outputs
o char_embeddings HashBucketCodepointEmbedder_0 HashBucketCodepointEmbedder_1 HashBucketCodepointEmbedder_2 HashBucketCodepointEmbedder_3 HashBucketCodepointEmbedder_4 HashBucketCodepointEmbedder_5 HashBucketCodepointEmbedder_6 HashBucketCodepointEmbedder_7 char_position_embeddings token_type_embeddings
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q final_char_encoder.layer.*.attention.output dense
q final_char_encoder.layer.*.attention.self key query value
q final_char_encoder.layer.*.intermediate dense
q final_char_encoder.layer.*.output dense
q initial_char_encoder.layer.*.attention.output dense
q initial_char_encoder.layer.*.attention.self key query value
q initial_char_encoder.layer.*.intermediate dense
q initial_char_encoder.layer.*.output dense
q pooler dense
@ chinese_clip | chinese_clip | ChineseCLIPModel
d - text_projection
o text_model.embeddings position_embeddings token_type_embeddings word_embeddings
o vision_model.embeddings position_embedding
q - visual_projection
q text_model.encoder.layer.*.attention.output dense
q text_model.encoder.layer.*.attention.self key query value
q text_model.encoder.layer.*.intermediate dense
q text_model.encoder.layer.*.output dense
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t text_projection ChineseCLIPModel
@ chinese_clip_vision_model | chinese_clip | ChineseCLIPVisionModel
o embeddings position_embedding
q encoder.layers.*.mlp fc1 fc2
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
@ chmv2 | chmv2 | CHMv2ForDepthEstimation
q backbone.model.layer.*.attention k_proj o_proj q_proj v_proj
q backbone.model.layer.*.mlp down_proj up_proj
q head.reassemble_stage.readout_projects.* *
= backbone backbone.model
@ clap | clap | ClapModel
o text_model.embeddings position_embeddings token_type_embeddings word_embeddings
q audio_model.audio_encoder.layers.*.blocks.*.attention.output dense
q audio_model.audio_encoder.layers.*.blocks.*.attention.self key query value
q audio_model.audio_encoder.layers.*.blocks.*.intermediate dense
q audio_model.audio_encoder.layers.*.blocks.*.output dense
q audio_model.audio_encoder.layers.*.downsample reduction
q audio_projection linear1 linear2
q text_model.encoder.layer.*.attention.output dense
q text_model.encoder.layer.*.attention.self key query value
q text_model.encoder.layer.*.intermediate dense
q text_model.encoder.layer.*.output dense
q text_model.pooler dense
q text_projection linear1 linear2
@ clip | clip | CLIPForImageClassification CLIPModel
d - text_projection
o text_model.embeddings position_embedding token_embedding
o vision_model.embeddings position_embedding
q - classifier visual_projection
q text_model.encoder.layers.*.mlp fc1 fc2
q text_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t text_projection CLIPModel
@ clip_text_model | clip | CLIPTextModel
o embeddings position_embedding token_embedding
q encoder.layers.*.mlp fc1 fc2
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
@ clip_vision_model | clip | CLIPVisionModel
& chinese_clip_vision_model
@ clipseg | clip | CLIPSegModel
d - text_projection
o text_model.embeddings position_embedding token_embedding
o vision_model.embeddings position_embedding
q - visual_projection
q text_model.encoder.layers.*.mlp fc1 fc2
q text_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t text_projection CLIPSegModel
@ clvp | model | ClvpModelForConditionalGeneration
d speech_encoder_model projection
o conditioning_encoder text_position_embedding text_token_embedding
o speech_decoder_model.model.decoder input_embeds_layer position_embeds_layer
o speech_encoder_model token_embedding
o text_encoder_model token_embedding
q conditioning_encoder.mel_attn_blocks.* k_proj out_proj q_proj v_proj
q speech_decoder_model lm_head
q speech_decoder_model.model.decoder.layers.*.attn k_proj out_proj q_proj v_proj
q speech_encoder_model.layers.*.mlp fc2
q speech_encoder_model.layers.*.mlp.fc1 proj
q speech_encoder_model.layers.*.self_attn k_proj out_proj q_proj v_proj
q text_encoder_model projection
q text_encoder_model.layers.*.mlp fc2
q text_encoder_model.layers.*.mlp.fc1 proj
q text_encoder_model.layers.*.self_attn k_proj out_proj q_proj v_proj
qc speech_decoder_model.model.decoder.layers.*.mlp c_fc c_proj
t speech_encoder_model.projection ClvpModelForConditionalGeneration
@ codegen | transformer | CodeGenForCausalLM CodeGenModel
d - lm_head
o - wte
q h.*.attn out_proj qkv_proj
q h.*.mlp fc_in fc_out
t lm_head CodeGenForCausalLM
@ cohere | model | CohereForCausalLM CohereModel
& bitnet
t lm_head CohereForCausalLM
@ cohere2 | model | Cohere2ForCausalLM Cohere2Model
& bitnet
t lm_head Cohere2ForCausalLM
@ cohere2_moe | model | Cohere2MoeForCausalLM Cohere2MoeModel
d - lm_head
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head Cohere2MoeForCausalLM
@ cohere2_vision | model | Cohere2VisionForConditionalGeneration Cohere2VisionModel
d - lm_head
o language_model embed_tokens
o vision_tower.embeddings position_embedding
o vision_tower.head.attention out_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear_1 linear_2
q vision_tower.encoder.layers.*.mlp fc1 fc2
q vision_tower.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_tower.head.mlp fc1 fc2
t lm_head Cohere2VisionForConditionalGeneration
@ cohere_asr | model | CohereAsrForConditionalGeneration CohereAsrModel
d - proj_out
o decoder embed_tokens pos_emb
o transf_decoder._embedding token_embedding
q decoder proj
q decoder.layers.*.encoder_attn k_proj o_proj q_proj v_proj
q decoder.layers.*.mlp fc1 fc2
q decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q encoder.layers.*.feed_forward1 linear1 linear2
q encoder.layers.*.feed_forward2 linear1 linear2
q encoder.layers.*.self_attn k_proj o_proj q_proj relative_k_proj v_proj
q encoder.subsampling linear
= encoder.layers.*.self_attn.linear_k encoder.layers.*.self_attn.k_proj
= encoder.layers.*.self_attn.linear_out encoder.layers.*.self_attn.o_proj
= encoder.layers.*.self_attn.linear_pos encoder.layers.*.self_attn.relative_k_proj
= encoder.layers.*.self_attn.linear_q encoder.layers.*.self_attn.q_proj
= encoder.layers.*.self_attn.linear_v encoder.layers.*.self_attn.v_proj
= encoder.pre_encode.out encoder.subsampling.linear
= encoder_decoder_proj decoder.proj
= log_softmax.mlp.layer0 proj_out
= transf_decoder._decoder.layers.*.first_sub_layer.key_net decoder.layers.*.self_attn.k_proj
= transf_decoder._decoder.layers.*.first_sub_layer.out_projection decoder.layers.*.self_attn.o_proj
= transf_decoder._decoder.layers.*.first_sub_layer.query_net decoder.layers.*.self_attn.q_proj
= transf_decoder._decoder.layers.*.first_sub_layer.value_net decoder.layers.*.self_attn.v_proj
= transf_decoder._decoder.layers.*.second_sub_layer.key_net decoder.layers.*.encoder_attn.k_proj
= transf_decoder._decoder.layers.*.second_sub_layer.out_projection decoder.layers.*.encoder_attn.o_proj
= transf_decoder._decoder.layers.*.second_sub_layer.query_net decoder.layers.*.encoder_attn.q_proj
= transf_decoder._decoder.layers.*.second_sub_layer.value_net decoder.layers.*.encoder_attn.v_proj
= transf_decoder._decoder.layers.*.third_sub_layer.dense_in decoder.layers.*.mlp.fc1
= transf_decoder._decoder.layers.*.third_sub_layer.dense_out decoder.layers.*.mlp.fc2
t proj_out CohereAsrForConditionalGeneration
@ cohere_compass_vision | model | CohereCompassVisionModel
o - pos_embed
q blocks.*.attn proj qkv
q blocks.*.mlp linear_fc1 linear_fc2
q deepstack_merger_list.* linear_fc1 linear_fc2
q merger linear_fc1 linear_fc2
@ colmodernvbert | vlm | ColModernVBertForRetrieval
o text_model.embeddings tok_embeddings
o vision_model.embeddings position_embedding
o vision_model.head.attention out_proj
q - embedding_proj_layer
q connector modality_projection
q text_model.layers.*.attn Wo Wqkv
q text_model.layers.*.mlp Wi Wo
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_model.head.mlp fc1 fc2
@ colpali | vlm | ColPaliForRetrieval
o language_model embed_tokens
o language_model.model embed_tokens
o vision_tower.embeddings position_embedding
q - embedding_proj_layer
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear
q vision_tower.encoder.layers.*.mlp fc1 fc2
q vision_tower.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
= language_model.model language_model
@ colqwen2 | vlm | ColQwen2ForRetrieval
o language_model embed_tokens
q - embedding_proj_layer
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q visual.blocks.*.attn proj qkv
q visual.blocks.*.mlp fc1 fc2
q visual.merger.mlp *
@ convbert | convbert | ConvBertForMaskedLM ConvBertForMultipleChoice ConvBertForQuestionAnswering ConvBertForSequenceClassification ConvBertForTokenClassification ConvBertModel
d - generator_lm_head
h - classifier qa_outputs
h classifier out_proj
o embeddings position_embeddings token_type_embeddings word_embeddings
q classifier dense
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self conv_kernel_layer conv_out_layer key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q generator_predictions dense
t generator_lm_head ConvBertForMaskedLM
@ convnext | convnext | ConvNextForImageClassification ConvNextModel
h - classifier
q encoder.stages.*.layers.* pwconv1 pwconv2
@ convnextv2 | convnextv2 | ConvNextV2ForImageClassification ConvNextV2Model
& convnext
@ cosmos3_edge | model | Cosmos3EdgeForConditionalGeneration Cosmos3EdgeModel
d - lm_head
o - embed_tokens
o language_model embed_tokens
o visual.embeddings position_embedding
q language_model.layers.*.mlp fc1 fc2
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q projector linear_fc1 linear_fc2
q visual.embeddings patch_embedding
q visual.encoder.layers.*.mlp fc1 fc2
q visual.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
= language_model.layers.*.mlp.down_proj language_model.layers.*.mlp.fc2
= language_model.layers.*.mlp.up_proj language_model.layers.*.mlp.fc1
= language_model.layers.*.self_attn.to_k language_model.layers.*.self_attn.k_proj
= language_model.layers.*.self_attn.to_out language_model.layers.*.self_attn.o_proj
= language_model.layers.*.self_attn.to_q language_model.layers.*.self_attn.q_proj
= language_model.layers.*.self_attn.to_v language_model.layers.*.self_attn.v_proj
= layers.*.mlp.down_proj language_model.layers.*.mlp.fc2
= layers.*.mlp.up_proj language_model.layers.*.mlp.fc1
= layers.*.self_attn.to_k language_model.layers.*.self_attn.k_proj
= layers.*.self_attn.to_out language_model.layers.*.self_attn.o_proj
= layers.*.self_attn.to_q language_model.layers.*.self_attn.q_proj
= layers.*.self_attn.to_v language_model.layers.*.self_attn.v_proj
= visual.encoder.layers.*.mlp.down_proj visual.encoder.layers.*.mlp.fc2
= visual.encoder.layers.*.mlp.up_proj visual.encoder.layers.*.mlp.fc1
= visual.encoder.layers.*.self_attn.to_k visual.encoder.layers.*.self_attn.k_proj
= visual.encoder.layers.*.self_attn.to_q visual.encoder.layers.*.self_attn.q_proj
= visual.encoder.layers.*.self_attn.to_v visual.encoder.layers.*.self_attn.v_proj
t lm_head Cosmos3EdgeForConditionalGeneration
@ cosmos3_edge_text | model | Cosmos3EdgeTextModel
o - embed_tokens
q layers.*.mlp fc1 fc2
q layers.*.self_attn k_proj o_proj q_proj v_proj
@ cosmos3_edge_vision | model | Cosmos3EdgeVisionModel
o embeddings position_embedding
q embeddings patch_embedding
q encoder.layers.*.mlp fc1 fc2
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
@ cosmos3_omni | model | Cosmos3OmniForConditionalGeneration Cosmos3OmniModel
d - lm_head
o - embed_tokens pos_embed
o language_model embed_tokens
o visual pos_embed
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q visual.blocks.*.attn proj qkv
q visual.blocks.*.mlp linear_fc1 linear_fc2
q visual.deepstack_merger_list.* linear_fc1 linear_fc2
q visual.merger linear_fc1 linear_fc2
= - language_model
= - visual
= language_model.layers.*.self_attn.to_k language_model.layers.*.self_attn.k_proj
= language_model.layers.*.self_attn.to_out language_model.layers.*.self_attn.o_proj
= language_model.layers.*.self_attn.to_q language_model.layers.*.self_attn.q_proj
= language_model.layers.*.self_attn.to_v language_model.layers.*.self_attn.v_proj
= layers.*.self_attn.to_k language_model.layers.*.self_attn.k_proj
= layers.*.self_attn.to_out language_model.layers.*.self_attn.o_proj
= layers.*.self_attn.to_q language_model.layers.*.self_attn.q_proj
= layers.*.self_attn.to_v language_model.layers.*.self_attn.v_proj
t lm_head Cosmos3OmniForConditionalGeneration
@ cpmant | cpmant | CpmAntForCausalLM CpmAntModel
d - lm_head
o - input_embedding segment_embedding
q encoder.layers.*.ffn.ffn w_out
q encoder.layers.*.ffn.ffn.w_in w_0 w_1
q encoder.layers.*.self_att.self_attention attention_out project_k project_q project_v
t lm_head CpmAntForCausalLM
@ csm | model | CsmForConditionalGeneration
d - lm_head
o - embed_text_tokens
o backbone_model.embed_tokens embed_audio_tokens
o depth_decoder.model embed_tokens
q backbone_model.layers.*.mlp down_proj gate_proj up_proj
q backbone_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q codec_model.decoder.decoder_transformer.layers.*.mlp fc1 fc2
q codec_model.decoder.decoder_transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
q codec_model.encoder.encoder_transformer.layers.*.mlp fc1 fc2
q codec_model.encoder.encoder_transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
q depth_decoder.model inputs_embeds_projector
q depth_decoder.model.layers.*.mlp down_proj gate_proj up_proj
q depth_decoder.model.layers.*.self_attn k_proj o_proj q_proj v_proj
= codec_model codec_model.decoder
= codec_model codec_model.encoder
t lm_head CsmForConditionalGeneration
@ ctrl | transformer | CTRLForSequenceClassification CTRLLMHeadModel CTRLModel
d - classifier lm_head
o - w
q h.*.ffn *
q h.*.multi_head_attention Wk Wq Wv dense
t classifier CTRLForSequenceClassification
t lm_head CTRLLMHeadModel
@ cvt | cvt | CvtForImageClassification CvtModel
h - classifier
q encoder.stages.*.layers.*.attention.attention projection_key projection_query projection_value
q encoder.stages.*.layers.*.attention.output dense
q encoder.stages.*.layers.*.intermediate dense
q encoder.stages.*.layers.*.output dense
@ cwm | model | CwmForCausalLM CwmModel
& bitnet
t lm_head CwmForCausalLM
@ d_fine | model | DFineForObjectDetection DFineModel
o - denoising_class_embed
o decoder.layers.* fc2
o encoder.encoder.*.layers.* fc2
q - enc_score_head
q decoder.layers.*.encoder_attn attention_weights sampling_offsets
q decoder.layers.*.gateway gate
q decoder.layers.*.mlp.layers *
q decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q decoder.pre_bbox_head.layers *
q decoder.query_pos_head.layers *
q enc_bbox_head.layers *
q enc_output *
q encoder.aifi.*.layers.*.mlp.layers *
q encoder.aifi.*.layers.*.self_attn k_proj o_proj q_proj v_proj
x bbox_embed.*.layers *
x class_embed *
x decoder.bbox_embed.*.layers *
x decoder.class_embed *
x decoder.lqe_layers.*.reg_conf.layers *
= decoder.layers.*.fc1 decoder.layers.*.mlp.layers.*
= decoder.layers.*.self_attn.out_proj decoder.layers.*.self_attn.o_proj
= encoder.encoder encoder.aifi
= encoder.encoder.*.layers.*.fc1 encoder.aifi.*.layers.*.mlp.layers.*
= encoder.encoder.*.layers.*.self_attn.out_proj encoder.aifi.*.layers.*.self_attn.o_proj
@ dac | dac | DacModel
o quantizer.quantizers.* codebook
@ data2vec-audio | data2vec_audio | Data2VecAudioForAudioFrameClassification Data2VecAudioForCTC Data2VecAudioForSequenceClassification Data2VecAudioForXVector Data2VecAudioModel
h - classifier
o - objective
q - feature_extractor lm_head projector
q encoder.layers.*.attention k_proj out_proj q_proj v_proj
q encoder.layers.*.feed_forward intermediate_dense output_dense
q feature_projection projection
q tdnn.* kernel
@ data2vec-text | data2vec_text | Data2VecTextForCausalLM Data2VecTextForMaskedLM Data2VecTextForMultipleChoice Data2VecTextForQuestionAnswering Data2VecTextForSequenceClassification Data2VecTextForTokenClassification Data2VecTextModel
& camembert
t lm_head.decoder Data2VecTextForCausalLM Data2VecTextForMaskedLM
@ data2vec-vision | data2vec_vision | Data2VecVisionForImageClassification Data2VecVisionForSemanticSegmentation Data2VecVisionModel
h - classifier
q encoder.layer.*.attention.attention key query value
q encoder.layer.*.attention.output dense
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
@ deberta | deberta | DebertaForMaskedLM DebertaForQuestionAnswering DebertaForSequenceClassification DebertaForTokenClassification DebertaModel
d cls.predictions decoder
h - classifier qa_outputs
o embeddings position_embeddings word_embeddings
q cls.predictions.transform dense
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self in_proj
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q pooler dense
t cls.predictions.decoder DebertaForMaskedLM
@ deberta-v2 | deberta | DebertaV2ForMaskedLM DebertaV2ForMultipleChoice DebertaV2ForQuestionAnswering DebertaV2ForSequenceClassification DebertaV2ForTokenClassification DebertaV2Model
d cls.predictions decoder
h - classifier qa_outputs
o embeddings position_embeddings word_embeddings
q cls.predictions.transform dense
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key_proj query_proj value_proj
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q pooler dense
t cls.predictions.decoder DebertaV2ForMaskedLM
@ decision_transformer | decision_transformer | DecisionTransformerModel
h - predict_return
o - embed_timestep
o encoder wpe wte
q - embed_action embed_return embed_state predict_state
q predict_action *
qc encoder.h.*.attn c_attn c_proj
qc encoder.h.*.mlp c_fc c_proj
@ deepseek_v2 | model | DeepseekV2ForCausalLM DeepseekV2ForSequenceClassification DeepseekV2Model
d - lm_head score
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn kv_a_proj_with_mqa kv_b_proj o_proj q_a_proj q_b_proj
t lm_head DeepseekV2ForCausalLM
t score DeepseekV2ForSequenceClassification
@ deepseek_v3 | model | DeepseekV3ForCausalLM DeepseekV3ForSequenceClassification DeepseekV3ForTokenClassification DeepseekV3Model
& axk1
t lm_head DeepseekV3ForCausalLM
t score DeepseekV3ForSequenceClassification
@ deepseek_v32 | model | DeepseekV32ForCausalLM DeepseekV32Model
d - lm_head
d layers.*.self_attn.indexer weights_proj
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn kv_a_proj_with_mqa kv_b_proj o_proj q_a_proj q_b_proj
q layers.*.self_attn.indexer wk wq_b
t lm_head DeepseekV32ForCausalLM
@ deepseek_v4 | model | DeepseekV4ForCausalLM DeepseekV4Model
d - lm_head
d layers.*.self_attn.compressor gate_proj kv_proj
d layers.*.self_attn.compressor.indexer gate_proj kv_proj
d layers.*.self_attn.compressor.indexer.scorer weights_proj
o - embed embed_tokens
o layers.*.attn wo_a
o layers.*.ffn gate
o layers.*.ffn.experts.* w1 w2 w3
o layers.*.mlp gate
o layers.*.self_attn o_a_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn kv_proj o_b_proj q_a_proj q_b_proj
q layers.*.self_attn.compressor.indexer q_b_proj
= head lm_head
= layers.*.attn.compressor.wgate layers.*.self_attn.compressor.gate_proj
= layers.*.attn.compressor.wkv layers.*.self_attn.compressor.kv_proj
= layers.*.attn.indexer layers.*.self_attn.compressor.indexer.scorer
= layers.*.attn.indexer.compressor.wgate layers.*.self_attn.compressor.indexer.gate_proj
= layers.*.attn.indexer.compressor.wkv layers.*.self_attn.compressor.indexer.kv_proj
= layers.*.attn.indexer.wq_b layers.*.self_attn.compressor.indexer.q_b_proj
= layers.*.attn.wkv layers.*.self_attn.kv_proj
= layers.*.attn.wo_b layers.*.self_attn.o_b_proj
= layers.*.attn.wq_a layers.*.self_attn.q_a_proj
= layers.*.attn.wq_b layers.*.self_attn.q_b_proj
= layers.*.ffn.shared_experts.w1 layers.*.mlp.shared_experts.gate_proj
= layers.*.ffn.shared_experts.w2 layers.*.mlp.shared_experts.down_proj
= layers.*.ffn.shared_experts.w3 layers.*.mlp.shared_experts.up_proj
t lm_head DeepseekV4ForCausalLM
@ deepseek_vl | model | DeepseekVLForConditionalGeneration DeepseekVLModel
d - lm_head
o language_model embed_tokens
o vision_model.embeddings position_embedding
o vision_model.head.attention out_proj
q aligner linear1 linear2
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_model.head.mlp fc1 fc2
t lm_head DeepseekVLForConditionalGeneration
@ deepseek_vl_hybrid | model | DeepseekVLHybridForConditionalGeneration DeepseekVLHybridModel
d - lm_head
o language_model embed_tokens
o vision_model.embeddings position_embedding
o vision_model.head.attention out_proj
q aligner high_res_vision_proj proj vision_proj
q high_res_vision_model.vision_encoder.layers.*.attn proj qkv
q high_res_vision_model.vision_encoder.layers.*.mlp lin1 lin2
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_model.head.mlp fc1 fc2
t lm_head DeepseekVLHybridForConditionalGeneration
@ deimv2 | model | Deimv2ForObjectDetection Deimv2Model
o - denoising_class_embed
q - enc_score_head
q decoder.layers.*.encoder_attn attention_weights sampling_offsets
q decoder.layers.*.gateway gate
q decoder.layers.*.mlp down_proj gate_proj up_proj
q decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q decoder.pre_bbox_head.layers *
q decoder.query_pos_head.layers *
q enc_bbox_head.layers *
q enc_output *
q encoder.aifi.*.layers.*.mlp.layers *
q encoder.aifi.*.layers.*.self_attn k_proj o_proj q_proj v_proj
x bbox_embed.*.layers *
x class_embed *
x decoder.bbox_embed.*.layers *
x decoder.class_embed *
x decoder.lqe_layers.*.reg_conf.layers *
@ deit | deit | DeiTForImageClassification DeiTForImageClassificationWithTeacher DeiTForMaskedImageModeling DeiTModel
h - classifier cls_classifier distillation_classifier
q layers.*.attention k_proj o_proj q_proj v_proj
q layers.*.mlp fc1 fc2
q pooler dense
= encoder.layer.*.attention.attention.key layers.*.attention.k_proj
= encoder.layer.*.attention.attention.query layers.*.attention.q_proj
= encoder.layer.*.attention.attention.value layers.*.attention.v_proj
= encoder.layer.*.attention.output.dense layers.*.attention.o_proj
= encoder.layer.*.intermediate.dense layers.*.mlp.fc1
= encoder.layer.*.output.dense layers.*.mlp.fc2
@ depth_anything | depth_anything | DepthAnythingForDepthEstimation
q backbone.encoder.layer.*.attention k_proj o_proj q_proj v_proj
q backbone.encoder.layer.*.mlp fc1 fc2
= backbone.encoder.layer.*.attention.attention.key backbone.encoder.layer.*.attention.k_proj
= backbone.encoder.layer.*.attention.attention.query backbone.encoder.layer.*.attention.q_proj
= backbone.encoder.layer.*.attention.attention.value backbone.encoder.layer.*.attention.v_proj
= backbone.encoder.layer.*.attention.output.dense backbone.encoder.layer.*.attention.o_proj
@ depth_pro | depth_pro | DepthProForDepthEstimation DepthProModel
q encoder.image_encoder.model.encoder.layer.*.attention k_proj o_proj q_proj v_proj
q encoder.image_encoder.model.encoder.layer.*.mlp fc1 fc2
q encoder.patch_encoder.model.encoder.layer.*.attention k_proj o_proj q_proj v_proj
q encoder.patch_encoder.model.encoder.layer.*.mlp fc1 fc2
= encoder.image_encoder.model.encoder.layer.*.attention.attention.key encoder.image_encoder.model.encoder.layer.*.attention.k_proj
= encoder.image_encoder.model.encoder.layer.*.attention.attention.query encoder.image_encoder.model.encoder.layer.*.attention.q_proj
= encoder.image_encoder.model.encoder.layer.*.attention.attention.value encoder.image_encoder.model.encoder.layer.*.attention.v_proj
= encoder.image_encoder.model.encoder.layer.*.attention.output.dense encoder.image_encoder.model.encoder.layer.*.attention.o_proj
= encoder.patch_encoder.model.encoder.layer.*.attention.attention.key encoder.patch_encoder.model.encoder.layer.*.attention.k_proj
= encoder.patch_encoder.model.encoder.layer.*.attention.attention.query encoder.patch_encoder.model.encoder.layer.*.attention.q_proj
= encoder.patch_encoder.model.encoder.layer.*.attention.attention.value encoder.patch_encoder.model.encoder.layer.*.attention.v_proj
= encoder.patch_encoder.model.encoder.layer.*.attention.output.dense encoder.patch_encoder.model.encoder.layer.*.attention.o_proj
@ dia | model | DiaForConditionalGeneration DiaModel
d - logits_dense
o decoder.embeddings embed
o encoder embedding
q decoder.layers.*.cross_attention k_proj o_proj q_proj v_proj
q decoder.layers.*.mlp down_proj gate_up_proj
q decoder.layers.*.self_attention k_proj o_proj q_proj v_proj
q encoder.layers.*.mlp down_proj gate_up_proj
q encoder.layers.*.self_attention k_proj o_proj q_proj v_proj
t logits_dense DiaForConditionalGeneration
@ diffllama | model transformer | DiffLlamaForCausalLM DiffLlamaForQuestionAnswering DiffLlamaForSequenceClassification DiffLlamaForTokenClassification DiffLlamaModel
d - lm_head
h - qa_outputs score
o - embed_tokens
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head DiffLlamaForCausalLM
t score DiffLlamaForSequenceClassification
@ dinov2 | dinov2 | Dinov2Backbone Dinov2ForImageClassification Dinov2Model
h - classifier
m encoder.layer.*.mlp gate_proj up_proj
o encoder.layer.*.mlp weights_in
q encoder.layer.*.attention k_proj o_proj q_proj v_proj
q encoder.layer.*.mlp down_proj fc1 fc2
= encoder.layer.*.attention.attention.key encoder.layer.*.attention.k_proj
= encoder.layer.*.attention.attention.query encoder.layer.*.attention.q_proj
= encoder.layer.*.attention.attention.value encoder.layer.*.attention.v_proj
= encoder.layer.*.attention.output.dense encoder.layer.*.attention.o_proj
= encoder.layer.*.mlp.weights_out encoder.layer.*.mlp.down_proj
@ dinov2_with_registers | dinov2_with_registers | Dinov2WithRegistersBackbone Dinov2WithRegistersForImageClassification Dinov2WithRegistersModel
& dinov2
@ dinov3_convnext | model | DINOv3ConvNextBackbone DINOv3ConvNextModel
q stages.*.layers.* pointwise_conv1 pointwise_conv2
@ dinov3_vit | model | DINOv3ViTBackbone DINOv3ViTModel
q layer.*.attention k_proj o_proj q_proj v_proj
q layer.*.mlp down_proj up_proj
@ distilbert | distilbert | DistilBertForMaskedLM DistilBertForMultipleChoice DistilBertForQuestionAnswering DistilBertForSequenceClassification DistilBertForTokenClassification DistilBertModel
d - vocab_projector
h - classifier qa_outputs
o embeddings position_embeddings word_embeddings
q - pre_classifier vocab_transform
q transformer.layer.*.attention k_lin out_lin q_lin v_lin
q transformer.layer.*.ffn lin1 lin2
t vocab_projector DistilBertForMaskedLM
@ doge | model | DogeForCausalLM DogeForSequenceClassification DogeModel
d - lm_head score
o - embed_tokens
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn dt_proj k_proj o_proj q_proj v_proj
t lm_head DogeForCausalLM
t score DogeForSequenceClassification
@ donut-swin | donut | DonutSwinForImageClassification DonutSwinModel
h - classifier
q encoder.layers.*.blocks.*.attention.output dense
q encoder.layers.*.blocks.*.attention.self key query value
q encoder.layers.*.blocks.*.intermediate dense
q encoder.layers.*.blocks.*.output dense
q encoder.layers.*.downsample reduction
@ dory | model | DoryForCausalLM DoryModel
o - embed_tokens lm_head
o backbone embeddings
q layers.*.mlp gate_proj up_proj
q layers.*.self_attn gate_proj k_proj o_proj q_proj v_proj
x layers.*.mlp down_proj
= backbone -
= backbone.layers.*.self_attn.g_proj layers.*.self_attn.gate_proj
= layers.*.self_attn.g_proj layers.*.self_attn.gate_proj
@ dots3_note | model | Dots3NoteForConditionalGeneration Dots3NoteModel
d - lm_head
o - embed_tokens
o language_model embed_tokens
o language_model.layers.*.mlp gate
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
o vision_encoder.blocks.*.mlp.experts.* fc1 fc2 fc3
o vision_tower.blocks.*.mlp gate
q audio_tower.adapter fc1 fc2
q audio_tower.conv_stem conv_out
q audio_tower.layers.*.mlp down_proj gate_up_proj
q audio_tower.layers.*.self_attn k_proj o_proj q_proj v_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.mlp.shared_experts down_proj gate_proj up_proj
q language_model.layers.*.self_attn g_proj kv_a_proj_with_mqa kv_b_proj o_proj q_a_proj q_b_proj
q language_model.layers.*.self_attn.indexer weights_proj wk wq_b
q vision_tower.blocks.*.attn proj qkv
q vision_tower.blocks.*.mlp down_proj gate_proj up_proj
q vision_tower.merger.mlp *
= - language_model
= audio_adapter.proj.* audio_tower.adapter.fc2
= audio_encoder.audio_adapter.proj.* audio_tower.adapter.fc2
= audio_encoder.dots_encoder.speech_encoder audio_tower
= audio_encoder.dots_encoder.speech_encoder audio_tower.conv_stem
= audio_encoder.dots_encoder.speech_encoder.layers.*.fc1 audio_tower.layers.*.mlp.gate_up_proj
= audio_encoder.dots_encoder.speech_encoder.layers.*.fc2 audio_tower.layers.*.mlp.down_proj
= audio_encoder.dots_encoder.speech_encoder.layers.*.self_attn.out_proj audio_tower.layers.*.self_attn.o_proj
= vision_encoder vision_tower
= vision_encoder.adapter vision_tower.merger
= vision_encoder.blocks.*.mlp.fc1 vision_tower.blocks.*.mlp.gate_proj
= vision_encoder.blocks.*.mlp.fc2 vision_tower.blocks.*.mlp.down_proj
= vision_encoder.blocks.*.mlp.fc3 vision_tower.blocks.*.mlp.up_proj
t lm_head Dots3NoteForConditionalGeneration
@ dots3_note_text | model | Dots3NoteForCausalLM Dots3NoteTextModel
d - lm_head
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn g_proj kv_a_proj_with_mqa kv_b_proj o_proj q_a_proj q_b_proj
q layers.*.self_attn.indexer weights_proj wk wq_b
t lm_head Dots3NoteForCausalLM
@ dpr | question_encoder | DPRQuestionEncoder
o bert_model.embeddings position_embeddings token_type_embeddings word_embeddings
q bert_model.encoder.layer.*.attention.output dense
q bert_model.encoder.layer.*.attention.self key query value
q bert_model.encoder.layer.*.intermediate dense
q bert_model.encoder.layer.*.output dense
@ dpt | dpt | DPTForDepthEstimation DPTForSemanticSegmentation DPTModel
q encoder.layer.*.attention.attention key query value
q encoder.layer.*.attention.output dense
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q neck.reassemble_stage.readout_projects.* *
q pooler dense
@ edgetam_video | edgetam_video | EdgeTamVideoModel
h mask_decoder.pred_obj_score_head proj_out
o mask_decoder iou_token mask_tokens obj_score_token
o prompt_encoder no_mask_embed not_a_point_embed point_embed
q - temporal_positional_encoding_projection_layer
q mask_decoder.iou_prediction_head proj_in proj_out
q mask_decoder.iou_prediction_head.layers *
q mask_decoder.output_hypernetworks_mlps.* proj_in proj_out
q mask_decoder.output_hypernetworks_mlps.*.layers *
q mask_decoder.pred_obj_score_head proj_in
q mask_decoder.pred_obj_score_head.layers *
q mask_decoder.transformer.final_attn_token_to_image k_proj o_proj q_proj v_proj
q mask_decoder.transformer.layers.*.cross_attn_image_to_token k_proj o_proj q_proj v_proj
q mask_decoder.transformer.layers.*.cross_attn_token_to_image k_proj o_proj q_proj v_proj
q mask_decoder.transformer.layers.*.mlp proj_in proj_out
q mask_decoder.transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
q memory_attention.layers.*.cross_attn_image k_proj o_proj q_proj v_proj
q memory_attention.layers.*.mlp down_proj up_proj
q memory_attention.layers.*.self_attn k_proj o_proj q_proj v_proj
q memory_encoder.memory_fuser.layers.* pointwise_conv1 pointwise_conv2
q object_pointer_proj proj_in proj_out
q object_pointer_proj.layers *
q spatial_perceiver.layers.*.cross_attention k_proj o_proj q_proj v_proj
q spatial_perceiver.layers.*.mlp down_proj up_proj
q spatial_perceiver.layers.*.self_attention k_proj o_proj q_proj v_proj
q spatial_perceiver.layers.*.self_mlp down_proj up_proj
q vision_encoder.backbone.blocks.* proj
q vision_encoder.backbone.blocks.*.attn proj qkv
q vision_encoder.backbone.blocks.*.mlp proj_in proj_out
@ efficientloftr | efficientloftr | EfficientLoFTRForKeypointMatching EfficientLoFTRModel
q local_feature_transformer.layers.*.cross_attention.attention k_proj o_proj q_proj v_proj
q local_feature_transformer.layers.*.cross_attention.mlp fc1 fc2
q local_feature_transformer.layers.*.self_attention.attention k_proj o_proj q_proj v_proj
q local_feature_transformer.layers.*.self_attention.mlp fc1 fc2
@ efficientnet | efficientnet | EfficientNetForImageClassification EfficientNetModel
h - classifier
@ electra | electra | ElectraForCausalLM ElectraForMaskedLM ElectraForMultipleChoice ElectraForPreTraining ElectraForQuestionAnswering ElectraForSequenceClassification ElectraForTokenClassification ElectraModel
d - generator_lm_head
h - classifier qa_outputs
h classifier out_proj
h discriminator_predictions dense_prediction
o embeddings position_embeddings token_type_embeddings word_embeddings
q - embeddings_project
q classifier dense
q discriminator_predictions dense
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q generator_predictions dense
q sequence_summary summary
t generator_lm_head ElectraForCausalLM ElectraForMaskedLM
@ embedding_gemma2 | model | EmbeddingGemma2Model
d language_model embedding_projection
o language_model embed_tokens
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.ple_block per_layer_input_gate per_layer_projection
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q language_model.ple per_layer_model_projection
t language_model.embedding_projection EmbeddingGemma2Model
@ embedding_gemma2_text | model | EmbeddingGemma2TextModel
d - embedding_projection
o - embed_tokens
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.ple_block per_layer_input_gate per_layer_projection
q layers.*.self_attn k_proj o_proj q_proj v_proj
q ple per_layer_model_projection
t embedding_projection EmbeddingGemma2TextModel
@ emu3_text_model | model | Emu3ForCausalLM Emu3TextModel
& bitnet
t lm_head Emu3ForCausalLM
@ encodec | encodec | EncodecModel
@ encoder-decoder | encoder_decoder | EncoderDecoderModel
d decoder.cls.predictions decoder
o decoder.bert.embeddings position_embeddings token_type_embeddings word_embeddings
o encoder.embeddings position_embeddings token_type_embeddings word_embeddings
q decoder.bert.encoder.layer.*.attention.output dense
q decoder.bert.encoder.layer.*.attention.self key query value
q decoder.bert.encoder.layer.*.crossattention.output dense
q decoder.bert.encoder.layer.*.crossattention.self key query value
q decoder.bert.encoder.layer.*.intermediate dense
q decoder.bert.encoder.layer.*.output dense
q decoder.cls.predictions.transform dense
q encoder.encoder.layer.*.attention.output dense
q encoder.encoder.layer.*.attention.self key query value
q encoder.encoder.layer.*.intermediate dense
q encoder.encoder.layer.*.output dense
q encoder.pooler dense
t decoder.cls.predictions.decoder EncoderDecoderModel
@ ernie | ernie | ErnieForCausalLM ErnieForMaskedLM ErnieForMultipleChoice ErnieForNextSentencePrediction ErnieForPreTraining ErnieForQuestionAnswering ErnieForSequenceClassification ErnieForTokenClassification ErnieModel
& bert
t cls.predictions.decoder ErnieForCausalLM ErnieForMaskedLM ErnieForPreTraining
@ ernie4_5 | model | Ernie4_5ForCausalLM Ernie4_5Model
& bitnet
t lm_head Ernie4_5ForCausalLM
@ ernie4_5_moe | model | Ernie4_5_MoeForCausalLM Ernie4_5_MoeModel
d - lm_head
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head Ernie4_5_MoeForCausalLM
@ ernie4_5_vl_moe | model | Ernie4_5_VLMoeForConditionalGeneration Ernie4_5_VLMoeModel
d - lm_head
o - embed_tokens
o language_model embed_tokens
o language_model.layers.*.mlp.text_moe gate
o language_model.layers.*.mlp.vision_moe gate
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.mlp.shared_experts down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q resampler_model mlp
q resampler_model.spatial_linear fc1 fc2
q resampler_model.temporal_linear fc1 fc2
q vision_tower.blocks.*.attn proj qkv
q vision_tower.blocks.*.mlp fc1 fc2
q vision_tower.patch_embed proj
= - language_model
= resampler_model.spatial_linear.* resampler_model.spatial_linear.fc2
= resampler_model.temporal_linear.* resampler_model.temporal_linear.fc2
= vision_model vision_tower
t lm_head Ernie4_5_VLMoeForConditionalGeneration
@ esm | esm | EsmForMaskedLM EsmForSequenceClassification EsmForTokenClassification EsmModel
d lm_head decoder
h - classifier
h classifier out_proj
h contact_head regression
o embeddings position_embeddings word_embeddings
q classifier dense
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q lm_head dense
q pooler dense
t lm_head.decoder EsmForMaskedLM
@ esmc | esmc | EsmcForMaskedLM EsmcForSequenceClassification EsmcForTokenClassification EsmcModel
d lm_head decoder
h - score
h classifier out_proj
o - embed_tokens
q classifier dense
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
q lm_head dense
t lm_head.decoder EsmcForMaskedLM
@ eurobert | model | EuroBertForMaskedLM EuroBertForSequenceClassification EuroBertForTokenClassification EuroBertModel
d - lm_head
h - classifier
o - embed_tokens
q - dense
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head EuroBertForMaskedLM
@ evolla | model | EvollaForProteinText2Text EvollaModel
d - lm_head
o - embed_tokens
o protein_encoder.model.embeddings word_embeddings
q layers.*.adapter key_protein out_proj query value_protein
q layers.*.adapter.ff fc1 fc2
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
q protein_encoder.model.encoder.layer.*.attention.output dense
q protein_encoder.model.encoder.layer.*.attention.self key query value
q protein_encoder.model.encoder.layer.*.intermediate dense
q protein_encoder.model.encoder.layer.*.output dense
q protein_encoder.sequence_compressor_resampler protein_projector
q protein_encoder.sequence_compressor_resampler.layers.*.* fc1 fc2 to_kv to_out to_q
t lm_head EvollaForProteinText2Text
@ exaone4 | model transformer | Exaone4ForCausalLM Exaone4ForQuestionAnswering Exaone4ForSequenceClassification Exaone4ForTokenClassification Exaone4Model
& diffllama
t lm_head Exaone4ForCausalLM
t score Exaone4ForSequenceClassification
@ exaone4_5 | model | Exaone4_5_ForConditionalGeneration Exaone4_5_Model
d - lm_head
o language_model embed_tokens
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q visual.blocks.*.attn proj qkv
q visual.blocks.*.mlp down_proj gate_proj up_proj
q visual.merger.mlp *
t lm_head Exaone4_5_ForConditionalGeneration
@ exaone4_5_vision | model | Exaone4_5_VisionModel
q blocks.*.attn proj qkv
q blocks.*.mlp down_proj gate_proj up_proj
q merger.mlp *
@ exaone_moe | model | ExaoneMoeForCausalLM ExaoneMoeModel
& ernie4_5_moe
t lm_head ExaoneMoeForCausalLM
@ falcon | transformer | FalconForCausalLM FalconForQuestionAnswering FalconForSequenceClassification FalconForTokenClassification FalconModel
d - lm_head score
h - classifier qa_outputs
o - word_embeddings
o h.*.mlp dense_4h_to_h dense_h_to_4h
o h.*.self_attention dense query_key_value
t lm_head FalconForCausalLM
t score FalconForSequenceClassification
@ falcon_h1 | model | FalconH1ForCausalLM FalconH1Model
d - lm_head
o - embed_tokens
q layers.*.feed_forward down_proj gate_proj up_proj
q layers.*.mamba in_proj out_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head FalconH1ForCausalLM
@ falcon_mamba | backbone | FalconMambaForCausalLM FalconMambaModel
d - lm_head
o - embeddings
q layers.*.mixer dt_proj in_proj out_proj x_proj
t lm_head FalconMambaForCausalLM
@ fastspeech2_conformer | fastspeech2_conformer | FastSpeech2ConformerModel
h duration_predictor linear
h energy_predictor linear
h pitch_predictor linear
o encoder embed
q decoder.conformer_layers.*.self_attn linear_k linear_out linear_pos linear_q linear_v
q encoder.conformer_layers.*.self_attn linear_k linear_out linear_pos linear_q linear_v
q speech_decoder_postnet feat_out
@ fastspeech2_conformer_with_hifigan |  | FastSpeech2ConformerWithHifiGan
h model.duration_predictor linear
h model.energy_predictor linear
h model.pitch_predictor linear
o model.encoder embed
q model.decoder.conformer_layers.*.self_attn linear_k linear_out linear_pos linear_q linear_v
q model.encoder.conformer_layers.*.self_attn linear_k linear_out linear_pos linear_q linear_v
q model.speech_decoder_postnet feat_out
@ flaubert | transformer | FlaubertForMultipleChoice FlaubertForQuestionAnsweringSimple FlaubertForSequenceClassification FlaubertForTokenClassification FlaubertModel FlaubertWithLMHeadModel
d pred_layer proj
h - classifier logits_proj qa_outputs
h sequence_summary summary
o - embeddings position_embeddings
q attentions.* k_lin out_lin q_lin v_lin
q ffns.* lin1 lin2
t pred_layer.proj FlaubertWithLMHeadModel
@ flava | flava | FlavaForPreTraining FlavaModel
h itm_head seq_relationship
o text_model.embeddings position_embeddings token_type_embeddings word_embeddings
q - image_projection image_to_mm_projection text_projection text_to_mm_projection
q image_model.encoder.layer.*.attention.attention key query value
q image_model.encoder.layer.*.attention.output dense
q image_model.encoder.layer.*.intermediate dense
q image_model.encoder.layer.*.output dense
q image_model.pooler dense
q itm_head.pooler dense
q mim_head decoder
q mim_head.transform dense
q mlm_head decoder
q mlm_head.transform dense
q mmm_image_head decoder
q mmm_image_head.transform dense
q mmm_text_head decoder
q mmm_text_head.transform dense
q multimodal_model.encoder.layer.*.attention.attention key query value
q multimodal_model.encoder.layer.*.attention.output dense
q multimodal_model.encoder.layer.*.intermediate dense
q multimodal_model.encoder.layer.*.output dense
q multimodal_model.pooler dense
q text_model.encoder.layer.*.attention.attention key query value
q text_model.encoder.layer.*.attention.output dense
q text_model.encoder.layer.*.intermediate dense
q text_model.encoder.layer.*.output dense
q text_model.pooler dense
@ flex_olmo | model | FlexOlmoForCausalLM FlexOlmoModel
& cohere2_moe
t lm_head FlexOlmoForCausalLM
@ flint | model | FlintForCausalLM FlintModel
d - lm_head
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp.shared_expert down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head FlintForCausalLM
@ florence2 | model | Florence2ForConditionalGeneration Florence2Model
d - lm_head
o language_model shared
o language_model.decoder embed_positions embed_tokens
o language_model.encoder embed_positions embed_tokens
o multi_modal_projector.image_position_embed column_embeddings row_embeddings
q language_model.decoder.layers.* fc1 fc2
q language_model.decoder.layers.*.encoder_attn k_proj out_proj q_proj v_proj
q language_model.decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q language_model.encoder.layers.* fc1 fc2
q language_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q multi_modal_projector image_projection
q vision_tower.blocks.*.*.channel_block.channel_attn proj qkv
q vision_tower.blocks.*.*.channel_block.ffn fc1 fc2
q vision_tower.blocks.*.*.spatial_block.ffn fc1 fc2
q vision_tower.blocks.*.*.spatial_block.window_attn proj qkv
t lm_head Florence2ForConditionalGeneration
@ fnet | fnet | FNetForMaskedLM FNetForMultipleChoice FNetForNextSentencePrediction FNetForPreTraining FNetForQuestionAnswering FNetForSequenceClassification FNetForTokenClassification FNetModel
d cls.predictions decoder
h - classifier qa_outputs
h cls seq_relationship
o embeddings position_embeddings token_type_embeddings word_embeddings
q cls.predictions.transform dense
q embeddings projection
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q pooler dense
t cls.predictions.decoder FNetForMaskedLM FNetForPreTraining
@ focalnet | focalnet | FocalNetForImageClassification FocalNetForMaskedImageModeling FocalNetModel
h - classifier
q encoder.stages.*.layers.*.mlp fc1 fc2
q encoder.stages.*.layers.*.modulation projection_in projection_out
@ fsmt | model | FSMTForConditionalGeneration FSMTModel
d decoder output_projection
o decoder embed_positions embed_tokens
o encoder embed_positions embed_tokens
q decoder.layers.* fc1 fc2
q decoder.layers.*.encoder_attn k_proj out_proj q_proj v_proj
q decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q encoder.layers.* fc1 fc2
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t decoder.output_projection FSMTModel
t model.decoder.output_projection FSMTForConditionalGeneration
@ fun_asr_nano | model | FunAsrNanoForConditionalGeneration FunAsrNanoModel
d - lm_head
o language_model embed_tokens
q audio_tower.layers.*.mlp fc1 fc2
q audio_tower.layers.*.self_attn k_proj o_proj q_proj v_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear_1 linear_2
q multi_modal_projector.layers.*.mlp fc1 fc2
q multi_modal_projector.layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head FunAsrNanoForConditionalGeneration
@ fun_asr_nano_encoder | model | FunAsrNanoEncoder
q layers.*.mlp fc1 fc2
q layers.*.self_attn k_proj o_proj q_proj v_proj
@ funnel | funnel | FunnelBaseModel FunnelForMaskedLM FunnelForMultipleChoice FunnelForPreTraining FunnelForQuestionAnswering FunnelForSequenceClassification FunnelForTokenClassification FunnelModel
d - lm_head
h - classifier qa_outputs
h classifier linear_out
h discriminator_predictions dense_prediction
o embeddings word_embeddings
q classifier linear_hidden
q decoder.layers.*.attention k_head post_proj q_head v_head
q decoder.layers.*.ffn linear_1 linear_2
q discriminator_predictions dense
q encoder.blocks.*.*.attention k_head post_proj q_head v_head
q encoder.blocks.*.*.ffn linear_1 linear_2
t lm_head FunnelForMaskedLM
@ fuyu | model | FuyuForCausalLM FuyuModel
d - lm_head
o language_model embed_tokens
o language_model.model embed_tokens
q - vision_embed_tokens
q language_model.layers.*.mlp dense_4h_to_h dense_h_to_4h
q language_model.layers.*.self_attn dense query_key_value
= language_model -
= language_model.model language_model
t lm_head FuyuForCausalLM
@ gemma | model | GemmaForCausalLM GemmaForSequenceClassification GemmaForTokenClassification GemmaModel
d - lm_head
h - score
o - embed_tokens
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head GemmaForCausalLM
t score GemmaForSequenceClassification
@ gemma2 | model | Gemma2ForCausalLM Gemma2ForSequenceClassification Gemma2ForTokenClassification Gemma2Model
& gemma
t lm_head Gemma2ForCausalLM
t score Gemma2ForSequenceClassification
@ gemma3 | model | Gemma3ForConditionalGeneration Gemma3ForSequenceClassification Gemma3Model
d - lm_head score
o language_model embed_tokens
o language_model.model embed_tokens
o vision_tower.embeddings position_embedding
o vision_tower.head.attention out_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_tower.encoder.layers.*.mlp fc1 fc2
q vision_tower.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_tower.head.mlp fc1 fc2
= language_model -
= language_model.model language_model
t lm_head Gemma3ForConditionalGeneration
t score Gemma3ForSequenceClassification
@ gemma3_text | model | Gemma3ForCausalLM Gemma3TextForSequenceClassification Gemma3TextModel
d - lm_head score
o - embed_tokens
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head Gemma3ForCausalLM
t score Gemma3TextForSequenceClassification
@ gemma3n_audio | model | Gemma3nAudioEncoder
q conformer.*.attention post
q conformer.*.attention.attn k_proj q_proj v_proj
q conformer.*.attention.attn.relative_position_embedding pos_proj
q conformer.*.ffw_layer_end ffw_layer_1 ffw_layer_2
q conformer.*.ffw_layer_start ffw_layer_1 ffw_layer_2
q conformer.*.lconv1d linear_end linear_start
q subsample_conv_projection input_proj_linear
@ gemma3n_text | model | Gemma3nForCausalLM Gemma3nTextModel
d - lm_head
o - embed_tokens embed_tokens_per_layer
q - per_layer_model_projection
q altup_projections *
q layers.* per_layer_input_gate per_layer_projection
q layers.*.altup correction_coefs modality_router prediction_coefs
q layers.*.laurel linear_left linear_right
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
x altup_unembed_projections *
t lm_head Gemma3nForCausalLM
@ gemma4 | model | Gemma4ForConditionalGeneration Gemma4Model
d - lm_head
o language_model embed_tokens embed_tokens_per_layer
q language_model per_layer_model_projection
q language_model.layers.* per_layer_input_gate per_layer_projection
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head Gemma4ForConditionalGeneration
@ gemma4_audio | model.audio_tower | Gemma4AudioModel
q - output_proj
q layers.*.feed_forward1.ffw_layer_1 linear
q layers.*.feed_forward1.ffw_layer_2 linear
q layers.*.feed_forward2.ffw_layer_1 linear
q layers.*.feed_forward2.ffw_layer_2 linear
q layers.*.lconv1d.linear_end linear
q layers.*.lconv1d.linear_start linear
q layers.*.self_attn relative_k_proj
q layers.*.self_attn.k_proj linear
q layers.*.self_attn.post linear
q layers.*.self_attn.q_proj linear
q layers.*.self_attn.v_proj linear
q subsample_conv_projection input_proj_linear
@ gemma4_text | model | Gemma4ForCausalLM Gemma4TextModel
d - lm_head
o - embed_tokens embed_tokens_per_layer
q - per_layer_model_projection
q layers.* per_layer_input_gate per_layer_projection
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head Gemma4ForCausalLM
@ gemma4_unified | model | Gemma4UnifiedForConditionalGeneration Gemma4UnifiedModel
d - lm_head
o language_model embed_tokens
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head Gemma4UnifiedForConditionalGeneration
@ gemma4_unified_assistant | model | Gemma4UnifiedAssistantForCausalLM
d - lm_head post_projection
o - embed_tokens
q - pre_projection
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn o_proj q_proj
t lm_head Gemma4UnifiedAssistantForCausalLM
t post_projection Gemma4UnifiedAssistantForCausalLM
@ gemma4_unified_text | model | Gemma4UnifiedForCausalLM Gemma4UnifiedTextModel
& bitnet
t lm_head Gemma4UnifiedForCausalLM
@ gemma4_vision | model | Gemma4VisionModel
q encoder.layers.*.mlp.down_proj linear
q encoder.layers.*.mlp.gate_proj linear
q encoder.layers.*.mlp.up_proj linear
q encoder.layers.*.self_attn.k_proj linear
q encoder.layers.*.self_attn.o_proj linear
q encoder.layers.*.self_attn.q_proj linear
q encoder.layers.*.self_attn.v_proj linear
q patch_embedder input_proj
@ git | git | GitForCausalLM GitModel
d - output
o embeddings position_embeddings word_embeddings
o image_encoder.vision_model.embeddings position_embedding
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q image_encoder.vision_model.encoder.layers.*.mlp fc1 fc2
q image_encoder.vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q visual_projection.visual_projection *
t output GitForCausalLM
@ glm | model | GlmForCausalLM GlmForSequenceClassification GlmForTokenClassification GlmModel
d - lm_head
h - score
o - embed_tokens
q layers.*.mlp down_proj gate_up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head GlmForCausalLM
t score GlmForSequenceClassification
@ glm4 | model | Glm4ForCausalLM Glm4ForSequenceClassification Glm4ForTokenClassification Glm4Model
& glm
t lm_head Glm4ForCausalLM
t score Glm4ForSequenceClassification
@ glm46v | model | Glm46VForConditionalGeneration Glm46VModel
d - lm_head
o language_model embed_tokens
o visual.embeddings position_embedding
q language_model.layers.*.mlp down_proj gate_up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q visual.blocks.*.attn proj qkv
q visual.blocks.*.mlp down_proj gate_proj up_proj
q visual.merger down_proj gate_proj proj up_proj
t lm_head Glm46VForConditionalGeneration
@ glm4_moe | model | Glm4MoeForCausalLM Glm4MoeModel
& ernie4_5_moe
t lm_head Glm4MoeForCausalLM
@ glm4_moe_lite | model | Glm4MoeLiteForCausalLM Glm4MoeLiteModel
d - lm_head
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn kv_a_proj_with_mqa kv_b_proj o_proj q_a_proj q_b_proj
t lm_head Glm4MoeLiteForCausalLM
@ glm4v | model | Glm4vForConditionalGeneration Glm4vModel
& glm46v
t lm_head Glm4vForConditionalGeneration
@ glm4v_moe | model | Glm4vMoeForConditionalGeneration Glm4vMoeModel
d - lm_head
o language_model embed_tokens
o language_model.layers.*.mlp gate
o language_model.layers.*.mlp.experts.* down_proj gate_proj up_proj
o visual.embeddings position_embedding
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.mlp.shared_experts down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q visual.blocks.*.attn proj qkv
q visual.blocks.*.mlp down_proj gate_proj up_proj
q visual.merger down_proj gate_proj proj up_proj
t lm_head Glm4vMoeForConditionalGeneration
@ glm4v_moe_text | model | Glm4vMoeTextModel
o - embed_tokens
o layers.*.mlp gate
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
@ glm4v_moe_vision | model | Glm4vMoeVisionModel
o embeddings position_embedding
q blocks.*.attn proj qkv
q blocks.*.mlp down_proj gate_proj up_proj
q merger down_proj gate_proj proj up_proj
@ glm4v_text | model | Glm4vTextModel
o - embed_tokens
q layers.*.mlp down_proj gate_up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
@ glm4v_vision | model | Glm4vVisionModel
& glm4v_moe_vision
@ glm5_next | model | Glm5NextForConditionalGeneration Glm5NextModel
d - lm_head
o language_model embed_tokens
o language_model.layers.*.mlp gate
o language_model.layers.*.mlp.experts.* down_proj gate_proj up_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.mlp.shared_experts down_proj gate_proj up_proj
q language_model.layers.*.self_attn b_proj g_a_proj g_b_proj k_proj kv_a_proj_with_mqa kv_b_proj o_proj q_a_proj q_b_proj q_proj v_proj
q language_model.layers.*.self_attn.forget_gate f_a_proj f_b_proj
q language_model.layers.*.self_attn.indexer weights_proj wk wq_b
q visual.blocks.*.attn proj qkv
q visual.blocks.*.mlp down_proj gate_proj up_proj
q visual.merger down_proj gate_proj proj up_proj
= language_model.layers.*.self_attn language_model.layers.*.self_attn.forget_gate
t lm_head Glm5NextForConditionalGeneration
@ glm5_next_text | model | Glm5NextTextModel
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn b_proj g_a_proj g_b_proj k_proj kv_a_proj_with_mqa kv_b_proj o_proj q_a_proj q_b_proj q_proj v_proj
q layers.*.self_attn.forget_gate f_a_proj f_b_proj
q layers.*.self_attn.indexer weights_proj wk wq_b
= layers.*.self_attn layers.*.self_attn.forget_gate
@ glm5_next_vision | model | Glm5NextVisionModel
q blocks.*.attn proj qkv
q blocks.*.mlp down_proj gate_proj up_proj
q merger down_proj gate_proj proj up_proj
@ glm_image | model | GlmImageModel
o language_model embed_tokens
o visual.embeddings position_embedding
o vqmodel.quantize embedding
q language_model.layers.*.mlp down_proj gate_up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q visual.blocks.*.attn proj qkv
q visual.blocks.*.mlp fc1 fc2
@ glm_image_text | model | GlmImageTextModel
& glm4v_text
@ glm_image_vision | model | GlmImageVisionModel
o embeddings position_embedding
q blocks.*.attn proj qkv
q blocks.*.mlp fc1 fc2
@ glm_image_vqmodel | model | GlmImageVQVAE
o quantize embedding
@ glm_moe_dsa | model | GlmMoeDsaForCausalLM GlmMoeDsaModel
& deepseek_v32
t lm_head GlmMoeDsaForCausalLM
@ glm_ocr | model | GlmOcrForConditionalGeneration GlmOcrModel
d - lm_head
o language_model embed_tokens
q language_model.layers.*.mlp down_proj gate_up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q visual.blocks.*.attn proj qkv
q visual.blocks.*.mlp down_proj gate_proj up_proj
q visual.merger down_proj gate_proj proj up_proj
t lm_head GlmOcrForConditionalGeneration
@ glm_ocr_text | model | GlmOcrTextModel
& glm4v_text
@ glm_ocr_vision | model | GlmOcrVisionModel
& glm5_next_vision
@ glmasr | model | GlmAsrForConditionalGeneration GlmAsrModel
d - lm_head
o language_model embed_tokens
o language_model.model embed_tokens
q audio_tower.layers.*.mlp fc1 fc2
q audio_tower.layers.*.self_attn k_proj o_proj q_proj v_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear_1 linear_2
= language_model -
= language_model.model language_model
t lm_head GlmAsrForConditionalGeneration
@ glmasr_encoder | model | GlmAsrEncoder
& fun_asr_nano_encoder
@ glpn | glpn | GLPNForDepthEstimation GLPNModel
q encoder.block.*.*.attention.output dense
q encoder.block.*.*.attention.self key query value
q encoder.block.*.*.mlp dense1 dense2
@ got_ocr2 | model | GotOcr2ForConditionalGeneration GotOcr2Model
d - lm_head
o language_model embed_tokens
o language_model.model embed_tokens
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector multimodal_projector
q vision_tower.layers.*.attn proj qkv
q vision_tower.layers.*.mlp lin1 lin2
= language_model -
= language_model.model language_model
t lm_head GotOcr2ForConditionalGeneration
@ gpt2 | transformer | GPT2DoubleHeadsModel GPT2ForQuestionAnswering GPT2ForSequenceClassification GPT2ForTokenClassification GPT2LMHeadModel GPT2Model
d - lm_head score
h - classifier qa_outputs
h multiple_choice_head summary
o - wpe wte
qc h.*.attn c_attn c_proj
qc h.*.crossattention c_attn c_proj q_attn
qc h.*.mlp c_fc c_proj
t lm_head GPT2DoubleHeadsModel GPT2LMHeadModel
t score GPT2ForSequenceClassification
@ gpt_bigcode | transformer | GPTBigCodeForCausalLM GPTBigCodeForSequenceClassification GPTBigCodeForTokenClassification GPTBigCodeModel
d - lm_head score
h - classifier
o - wpe wte
q h.*.attn c_attn c_proj
q h.*.mlp c_fc c_proj
t lm_head GPTBigCodeForCausalLM
t score GPTBigCodeForSequenceClassification
@ gpt_neo | transformer | GPTNeoForCausalLM GPTNeoForQuestionAnswering GPTNeoForSequenceClassification GPTNeoForTokenClassification GPTNeoModel
d - lm_head score
h - classifier qa_outputs
o - wpe wte
q h.*.attn.attention k_proj out_proj q_proj v_proj
q h.*.mlp c_fc c_proj
t lm_head GPTNeoForCausalLM
t score GPTNeoForSequenceClassification
@ gpt_neox | gpt_neox | GPTNeoXForCausalLM GPTNeoXForQuestionAnswering GPTNeoXForSequenceClassification GPTNeoXForTokenClassification GPTNeoXModel
d - lm_head score
h - classifier qa_outputs
o - embed_in
q layers.*.attention dense query_key_value
q layers.*.mlp dense_4h_to_h dense_h_to_4h
= embed_out lm_head
t lm_head GPTNeoXForCausalLM
t score GPTNeoXForSequenceClassification
@ gpt_neox_japanese | gpt_neox_japanese | GPTNeoXJapaneseForCausalLM GPTNeoXJapaneseModel
d - embed_out
o - embed_in
q layers.*.attention dense query_key_value
q layers.*.mlp dense_4h_to_h dense_h_to_4h
t embed_out GPTNeoXJapaneseForCausalLM
@ gpt_oss | model | GptOssForCausalLM GptOssForSequenceClassification GptOssForTokenClassification GptOssModel
d - lm_head
h - score
o - embed_tokens
o layers.*.mlp router
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head GptOssForCausalLM
t score GptOssForSequenceClassification
@ gptj | transformer | GPTJForCausalLM GPTJForQuestionAnswering GPTJForSequenceClassification GPTJModel
d - lm_head score
h - qa_outputs
o - wte
q h.*.attn k_proj out_proj q_proj v_proj
q h.*.mlp fc_in fc_out
t lm_head GPTJForCausalLM
t score GPTJForSequenceClassification
@ gradium_phonon_tts | model | GradiumPhononTTSForConditionalGeneration GradiumPhononTTSModel
h - duration_delta_proj eos_head
h loss_weighting proj
m layers.*.self_attn k_proj q_proj v_proj
o - embed_tokens num_speakers_embed
o flow_lm.condition_provider.conditioners.num_speakers embed
o flow_lm.condition_provider.conditioners.transcript_in_segment embed
o flow_lm.transformer.layers.*.self_attn in_proj
o layers.*.self_attn in_proj
q - audio_latent_proj audio_prompt_proj num_speakers_proj
q flow_head cond_proj input_proj
q flow_head.final_layer adaln_proj proj
q flow_head.layers.* adaln_proj fc1 fc2
q flow_head.timestep_embeddings.* fc1 fc2
q layers.*.mlp fc1 fc2
q layers.*.self_attn o_proj
q loss_weighting.layers *
= flow_lm.condition_provider.conditioners.duration_delta.output_proj duration_delta_proj
= flow_lm.condition_provider.conditioners.num_speakers.output_proj num_speakers_proj
= flow_lm.condition_provider.conditioners.speaker_wavs.output_proj audio_prompt_proj
= flow_lm.flow_net flow_head
= flow_lm.flow_net.cond_embed flow_head.cond_proj
= flow_lm.flow_net.final_layer.adaLN_modulation.* flow_head.final_layer.adaln_proj
= flow_lm.flow_net.final_layer.linear flow_head.final_layer.proj
= flow_lm.flow_net.res_blocks.*.adaLN_modulation.* flow_head.layers.*.adaln_proj
= flow_lm.flow_net.res_blocks.*.mlp.* flow_head.layers.*.fc2
= flow_lm.flow_net.time_embed.*.mlp.* flow_head.timestep_embeddings.*.fc2
= flow_lm.input_linear audio_latent_proj
= flow_lm.out_eos eos_head
= flow_lm.transformer.layers.*.linear1 layers.*.mlp.fc1
= flow_lm.transformer.layers.*.linear2 layers.*.mlp.fc2
= flow_lm.transformer.layers.*.self_attn.out_proj layers.*.self_attn.o_proj
t duration_delta_proj GradiumPhononTTSModel
@ granite | model | GraniteForCausalLM GraniteModel
& bitnet
t lm_head GraniteForCausalLM
@ granite_docling | model | GraniteDoclingForConditionalGeneration GraniteDoclingModel
d - lm_head
o text_model embed_tokens
o vision_model.embeddings position_embedding
q text_model.layers.*.mlp down_proj gate_proj up_proj
q text_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_model.connector mlp_fc2
q vision_model.connector.coarse projection
q vision_model.connector.coarse.deepstack_mergers.* linear_1 linear_2
q vision_model.connector.fine projection
q vision_model.connector.fine.deepstack_mergers.* linear_1 linear_2
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t lm_head GraniteDoclingForConditionalGeneration
@ granite_docling_text | model | GraniteDoclingTextModel
o - embed_tokens
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
@ granite_docling_vision | model | GraniteDoclingVisionModel
o embeddings position_embedding
q connector mlp_fc2
q connector.coarse projection
q connector.coarse.deepstack_mergers.* linear_1 linear_2
q connector.fine projection
q connector.fine.deepstack_mergers.* linear_1 linear_2
q encoder.layers.*.mlp fc1 fc2
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
@ granite_speech | model | GraniteSpeechForConditionalGeneration GraniteSpeechModel
d - lm_head
o encoder.layers.*.attn rel_pos_emb
o language_model embed_tokens
o language_model.model embed_tokens
q encoder input_linear out out_mid
q encoder.layers.*.attn to_kv to_out to_q
q encoder.layers.*.ff1 down_proj up_proj
q encoder.layers.*.ff2 down_proj up_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q projector linear
q projector.qformer.encoder.layer.*.attention.attention key query value
q projector.qformer.encoder.layer.*.attention.output dense
q projector.qformer.encoder.layer.*.crossattention.attention key query value
q projector.qformer.encoder.layer.*.crossattention.output dense
q projector.qformer.encoder.layer.*.intermediate_query dense
q projector.qformer.encoder.layer.*.output_query dense
= language_model -
= language_model.model language_model
t lm_head GraniteSpeechForConditionalGeneration
@ granite_speech5_ctc | model | GraniteSpeech5ForCTC
h - ctc_head
h encoder out
o encoder.layers.*.self_attn rel_pos_emb
q encoder input_linear out_mid
q encoder.layers.*.conv pointwise_lin1 pointwise_lin2
q encoder.layers.*.feed_forward1 linear1 linear2
q encoder.layers.*.feed_forward2 linear1 linear2
q encoder.layers.*.self_attn k_proj o_proj q_proj v_proj
t ctc_head GraniteSpeech5ForCTC
t encoder.out GraniteSpeech5ForCTC
@ granite_speech5_encoder | encoder | GraniteSpeech5Encoder
o layers.*.self_attn rel_pos_emb
q - input_linear out out_mid
q layers.*.conv pointwise_lin1 pointwise_lin2
q layers.*.feed_forward1 linear1 linear2
q layers.*.feed_forward2 linear1 linear2
q layers.*.self_attn k_proj o_proj q_proj v_proj
@ granite_speech_plus | model | GraniteSpeechPlusForConditionalGeneration GraniteSpeechPlusModel
& granite_speech
t lm_head GraniteSpeechPlusForConditionalGeneration
@ granite_swa | model | GraniteSWAForCausalLM GraniteSWAModel
& bitnet
t lm_head GraniteSWAForCausalLM
@ granitemoe | model | GraniteMoeForCausalLM GraniteMoeModel
d - lm_head
o - embed_tokens
o layers.*.block_sparse_moe router
o layers.*.block_sparse_moe.router layer
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head GraniteMoeForCausalLM
@ granitemoe_swa | model | GraniteMoeSWAForCausalLM GraniteMoeSWAModel
d - lm_head
o - embed_tokens
o layers.*.block_sparse_moe router
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head GraniteMoeSWAForCausalLM
@ granitemoehybrid | model | GraniteMoeHybridForCausalLM GraniteMoeHybridModel
d - lm_head
o - embed_tokens
o layers.*.block_sparse_moe router
o layers.*.block_sparse_moe.router layer
q layers.*.mamba in_proj out_proj
q layers.*.shared_mlp input_linear output_linear
t lm_head GraniteMoeHybridForCausalLM
@ granitemoeshared | model | GraniteMoeSharedForCausalLM GraniteMoeSharedModel
& granitemoe
t lm_head GraniteMoeSharedForCausalLM
@ grounding-dino | model | GroundingDinoForObjectDetection GroundingDinoModel
o - query_position_embeddings
o text_backbone.embeddings position_embeddings token_type_embeddings word_embeddings
q - enc_output text_projection
q backbone.conv_encoder.model.swin.encoder.layers.*.blocks.*.attention k_proj o_proj q_proj v_proj
q backbone.conv_encoder.model.swin.encoder.layers.*.blocks.*.mlp fc1 fc2
q backbone.conv_encoder.model.swin.encoder.layers.*.downsample reduction
q decoder.layers.* fc1 fc2
q decoder.layers.*.encoder_attn attention_weights output_proj sampling_offsets value_proj
q decoder.layers.*.encoder_attn_text key out_proj query value
q decoder.layers.*.self_attn key out_proj query value
q decoder.reference_points_head.layers *
q encoder.layers.*.deformable_layer fc1 fc2
q encoder.layers.*.deformable_layer.self_attn attention_weights output_proj sampling_offsets value_proj
q encoder.layers.*.fusion_layer.attn out_text_proj out_vision_proj text_proj values_text_proj values_vision_proj vision_proj
q encoder.layers.*.text_enhancer_layer fc1 fc2
q encoder.layers.*.text_enhancer_layer.self_attn key out_proj query value
q encoder_output_bbox_embed.layers *
q text_backbone.encoder.layer.*.attention.output dense
q text_backbone.encoder.layer.*.attention.self key query value
q text_backbone.encoder.layer.*.intermediate dense
q text_backbone.encoder.layer.*.output dense
x bbox_embed.*.layers *
x decoder.bbox_embed.*.layers *
= backbone.conv_encoder.model backbone.conv_encoder.model.swin
= backbone.conv_encoder.model.encoder.layers.*.blocks.*.attention.output.dense backbone.conv_encoder.model.swin.encoder.layers.*.blocks.*.attention.o_proj
= backbone.conv_encoder.model.encoder.layers.*.blocks.*.attention.self.key backbone.conv_encoder.model.swin.encoder.layers.*.blocks.*.attention.k_proj
= backbone.conv_encoder.model.encoder.layers.*.blocks.*.attention.self.query backbone.conv_encoder.model.swin.encoder.layers.*.blocks.*.attention.q_proj
= backbone.conv_encoder.model.encoder.layers.*.blocks.*.attention.self.value backbone.conv_encoder.model.swin.encoder.layers.*.blocks.*.attention.v_proj
= backbone.conv_encoder.model.encoder.layers.*.blocks.*.intermediate.dense backbone.conv_encoder.model.swin.encoder.layers.*.blocks.*.mlp.fc1
= backbone.conv_encoder.model.encoder.layers.*.blocks.*.output.dense backbone.conv_encoder.model.swin.encoder.layers.*.blocks.*.mlp.fc2
@ groupvit | groupvit | GroupViTModel
o text_model.embeddings position_embedding token_embedding
q text_model.encoder.layers.*.mlp fc1 fc2
q text_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q text_projection *
q vision_model.encoder.stages.*.downsample.assign k_proj proj q_proj v_proj
q vision_model.encoder.stages.*.downsample.mlp_channels fc1 fc2
q vision_model.encoder.stages.*.downsample.mlp_inter fc1 fc2
q vision_model.encoder.stages.*.downsample.pre_assign_attn.attn k_proj out_proj q_proj v_proj
q vision_model.encoder.stages.*.downsample.pre_assign_attn.mlp fc1 fc2
q vision_model.encoder.stages.*.group_projector.* fc1 fc2
q vision_model.encoder.stages.*.layers.*.mlp fc1 fc2
q vision_model.encoder.stages.*.layers.*.self_attn k_proj out_proj q_proj v_proj
q visual_projection *
@ gte | gte | GteForMaskedLM GteForSequenceClassification GteForTokenClassification GteModel
d lm_head decoder
h - classifier
m layers.*.mlp gate_proj up_proj
m layers.*.self_attn k_proj q_proj v_proj
o embeddings token_type_embeddings word_embeddings
o encoder.layer.*.attention qkv_proj
o encoder.layer.*.mlp up_gate_proj
q layers.*.mlp down_proj
q layers.*.self_attn o_proj
q lm_head dense
q pooler dense
= encoder.layer layers
= encoder.layer.*.attention layers.*.self_attn
t lm_head.decoder GteForMaskedLM
@ helium | model | HeliumForCausalLM HeliumForSequenceClassification HeliumForTokenClassification HeliumModel
& gemma
t lm_head HeliumForCausalLM
t score HeliumForSequenceClassification
@ hgnet_v2 | hgnetv2 | HGNetV2Backbone HGNetV2ForImageClassification
q - fc
@ hiera | hiera | HieraBackbone HieraForImageClassification HieraModel
h - classifier
q encoder.stages.*.layers.* proj
q encoder.stages.*.layers.*.attn proj qkv
q encoder.stages.*.layers.*.mlp fc1 fc2
@ higgs_audio_v2 | model | HiggsAudioV2ForConditionalGeneration
d - audio_lm_head
o - embed_tokens
o embed_audio_tokens embed_audio_tokens
q layers.*.audio_mlp down_proj gate_proj up_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t audio_lm_head HiggsAudioV2ForConditionalGeneration
@ hrm_text | model | HrmTextForCausalLM HrmTextModel
d - lm_head
m H_module.layers.*.mlp gate_proj up_proj
m H_module.layers.*.self_attn gate_proj k_proj q_proj v_proj
m L_module.layers.*.mlp gate_proj up_proj
m L_module.layers.*.self_attn gate_proj k_proj q_proj v_proj
o - embed_tokens
o H_module.layers.*.attn gqkv_proj
o H_module.layers.*.mlp gate_up_proj
o L_module.layers.*.attn gqkv_proj
o L_module.layers.*.mlp gate_up_proj
q H_module.layers.*.self_attn o_proj
q L_module.layers.*.mlp down_proj
q L_module.layers.*.self_attn o_proj
x H_module.layers.*.mlp down_proj
= H_module.layers.*.attn H_module.layers.*.self_attn
= L_module.layers.*.attn L_module.layers.*.self_attn
t lm_head HrmTextForCausalLM
@ hubert | hubert | HubertForCTC HubertForSequenceClassification HubertModel
h - classifier
q - lm_head projector
q encoder.layers.*.attention k_proj out_proj q_proj v_proj
q encoder.layers.*.feed_forward intermediate_dense output_dense
q feature_projection projection
@ hunyuan_v1_dense | model | HunYuanDenseV1ForCausalLM HunYuanDenseV1ForSequenceClassification HunYuanDenseV1Model
& gemma3_text
t lm_head HunYuanDenseV1ForCausalLM
t score HunYuanDenseV1ForSequenceClassification
@ hunyuan_v1_moe | model | HunYuanMoEV1ForCausalLM HunYuanMoEV1ForSequenceClassification HunYuanMoEV1Model
d - lm_head score
h layers.*.mlp.gate wg
o - embed_tokens
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.mlp.shared_mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head HunYuanMoEV1ForCausalLM
t score HunYuanMoEV1ForSequenceClassification
@ hunyuan_vl_vision | model | HunYuanVLVisionTransformer
o embeddings position_embedding
q layers.*.mlp fc1 fc2
q layers.*.self_attn k_proj o_proj q_proj v_proj
q patch_merger mlp
@ hy_v3 | model | HYV3ForCausalLM HYV3Model
d - lm_head
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
o layers.*.mlp.router gate
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
= layers.*.mlp.shared_mlp layers.*.mlp.shared_experts
t lm_head HYV3ForCausalLM
@ hy_v4 | model | HYV4ForCausalLM HYV4Model
d - lm_head
o - embed_tokens
o layers.*.mlp gate
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn gate_proj kv_a_proj_with_mqa kv_b_proj o_proj q_a_proj q_b_proj
q layers.*.self_attn.indexer weights_proj wk wq_b
= layers.*.mlp.linear_gate layers.*.mlp.gate_proj
= layers.*.mlp.shared_experts.linear_gate layers.*.mlp.shared_experts.gate_proj
= layers.*.self_attn.linear_gate layers.*.self_attn.gate_proj
t lm_head HYV4ForCausalLM
@ hy_v4_vl | model | HYV4VLForConditionalGeneration HYV4VLModel
d - lm_head
o - embed_tokens
o language_model embed_tokens
o language_model.layers.*.mlp gate
o layers.*.mlp gate
o vision_tower.embeddings position_embedding
o vit.embeddings position_embedding
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.mlp.shared_experts down_proj gate_proj up_proj
q language_model.layers.*.self_attn gate_proj kv_a_proj_with_mqa kv_b_proj o_proj q_a_proj q_b_proj
q language_model.layers.*.self_attn.indexer weights_proj wk wq_b
q vision_tower.layers.*.mlp fc1 fc2
q vision_tower.layers.*.self_attn k_proj o_proj q_proj v_proj
= - language_model
= language_model.layers.*.mlp.linear_gate language_model.layers.*.mlp.gate_proj
= language_model.layers.*.mlp.shared_experts.linear_gate language_model.layers.*.mlp.shared_experts.gate_proj
= language_model.layers.*.self_attn.linear_gate language_model.layers.*.self_attn.gate_proj
= layers.*.mlp.linear_gate language_model.layers.*.mlp.gate_proj
= layers.*.mlp.shared_experts.linear_gate language_model.layers.*.mlp.shared_experts.gate_proj
= layers.*.self_attn.linear_gate language_model.layers.*.self_attn.gate_proj
= vision_tower.layers.*.mlp.dense_4h_to_h vision_tower.layers.*.mlp.fc2
= vision_tower.layers.*.mlp.dense_h_to_4h vision_tower.layers.*.mlp.fc1
= vit vision_tower
= vit.layers.*.mlp.dense_4h_to_h vision_tower.layers.*.mlp.fc2
= vit.layers.*.mlp.dense_h_to_4h vision_tower.layers.*.mlp.fc1
t lm_head HYV4VLForConditionalGeneration
@ hy_v4_vl_text | model | HYV4VLTextModel
o - embed_tokens
o layers.*.mlp gate
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn gate_proj kv_a_proj_with_mqa kv_b_proj o_proj q_a_proj q_b_proj
q layers.*.self_attn.indexer weights_proj wk wq_b
= layers.*.mlp.linear_gate layers.*.mlp.gate_proj
= layers.*.mlp.shared_experts.linear_gate layers.*.mlp.shared_experts.gate_proj
= layers.*.self_attn.linear_gate layers.*.self_attn.gate_proj
@ hy_v4_vl_vision | model | HYV4VLVisionModel
o embeddings position_embedding
q layers.*.mlp fc1 fc2
q layers.*.self_attn k_proj o_proj q_proj v_proj
@ hyperclovax | model | HyperCLOVAXForCausalLM HyperCLOVAXModel
& bitnet
t lm_head HyperCLOVAXForCausalLM
@ hyperclovax_vision_v2 | model | HyperCLOVAXVisionV2ForConditionalGeneration HyperCLOVAXVisionV2Model
d - lm_head
o language_model embed_tokens
q - projector
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_model.blocks.*.attn proj qkv
q vision_model.blocks.*.mlp down_proj gate_proj up_proj
q vision_model.merger.mlp *
= language_model -
= vision_projector projector
t lm_head HyperCLOVAXVisionV2ForConditionalGeneration
@ ibert | ibert | IBertForMaskedLM IBertForMultipleChoice IBertForQuestionAnswering IBertForSequenceClassification IBertForTokenClassification IBertModel
d lm_head decoder
h - classifier qa_outputs
h classifier out_proj
o embeddings position_embeddings token_type_embeddings word_embeddings
o encoder.layer.*.attention.output dense
o encoder.layer.*.attention.self key query value
o encoder.layer.*.intermediate dense
o encoder.layer.*.output dense
q classifier dense
q lm_head dense
q pooler dense
t lm_head.decoder IBertForMaskedLM
@ idefics | model | IdeficsForVisionText2Text IdeficsModel
o - embed_tokens lm_head
o vision_model.embeddings position_embedding
q gated_cross_attn_layers.*.cross_attn k_proj o_proj q_proj v_proj
q gated_cross_attn_layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
@ idefics2 | model | Idefics2ForConditionalGeneration Idefics2Model
d - lm_head
o text_model embed_tokens
o vision_model.embeddings position_embedding
q connector.modality_projection down_proj gate_proj up_proj
q connector.perceiver_resampler.layers.*.mlp down_proj gate_proj up_proj
q connector.perceiver_resampler.layers.*.self_attn k_proj o_proj q_proj v_proj
q text_model.layers.*.mlp down_proj gate_proj up_proj
q text_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t lm_head Idefics2ForConditionalGeneration
@ idefics3 | model | Idefics3ForConditionalGeneration Idefics3Model
d - lm_head
o text_model embed_tokens
o vision_model.embeddings position_embedding
q connector.modality_projection proj
q text_model.layers.*.mlp down_proj gate_proj up_proj
q text_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t lm_head Idefics3ForConditionalGeneration
@ idefics3_vision | model | Idefics3VisionTransformer
& chinese_clip_vision_model
@ ijepa | ijepa | IJepaForImageClassification IJepaModel
& beit
@ imagegpt | transformer | ImageGPTForCausalImageModeling ImageGPTForImageClassification ImageGPTModel
d - lm_head score
o - wpe wte
qc h.*.attn c_attn c_proj
qc h.*.mlp c_fc c_proj
t lm_head ImageGPTForCausalImageModeling
t score ImageGPTForImageClassification
@ inkling2 | model | Inkling2ForConditionalGeneration Inkling2Model
h vision_tower.merger linear_2
m - lm_head
m language_model.layers.*.self_attn.k_proj.sconv weight_proj
m language_model.layers.*.self_attn.v_proj.sconv weight_proj
o language_model embed embed_tokens
o language_model.layers.*.mlp gate
o llm embed unembed
o llm.layers.*.mlp gate
o vision_tower.embeddings position_embedding
q language_model.layers.*.self_attn sink_proj
q language_model.layers.*.self_attn.k_proj linear
q language_model.layers.*.self_attn.o_proj gate_proj linear
q language_model.layers.*.self_attn.q_proj linear
q language_model.layers.*.self_attn.relative_position_bias linear
q language_model.layers.*.self_attn.v_proj linear
q vision_tower.embeddings patch_embedding
q vision_tower.layers.*.mlp fc1 fc2
q vision_tower.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_tower.merger linear_1
= language_model.layers.*.attn.attn_sink_proj language_model.layers.*.self_attn.sink_proj
= language_model.layers.*.attn.gate_attn language_model.layers.*.self_attn.o_proj.gate_proj
= language_model.layers.*.attn.wk_dv language_model.layers.*.self_attn.k_proj.linear
= language_model.layers.*.attn.wo_ud language_model.layers.*.self_attn.o_proj.linear
= language_model.layers.*.attn.wq_du language_model.layers.*.self_attn.q_proj.linear
= language_model.layers.*.attn.wr_du language_model.layers.*.self_attn.relative_position_bias.linear
= language_model.layers.*.attn.wv_dv language_model.layers.*.self_attn.v_proj.linear
= llm.layers.*.attn.attn_sink_proj language_model.layers.*.self_attn.sink_proj
= llm.layers.*.attn.gate_attn language_model.layers.*.self_attn.o_proj.gate_proj
= llm.layers.*.attn.wk_dv language_model.layers.*.self_attn.k_proj.linear
= llm.layers.*.attn.wo_ud language_model.layers.*.self_attn.o_proj.linear
= llm.layers.*.attn.wq_du language_model.layers.*.self_attn.q_proj.linear
= llm.layers.*.attn.wr_du language_model.layers.*.self_attn.relative_position_bias.linear
= llm.layers.*.attn.wv_dv language_model.layers.*.self_attn.v_proj.linear
= vision_tower.backbone vision_tower
= vision_tower.backbone.layers.*.mlp.c_fc vision_tower.layers.*.mlp.fc1
= vision_tower.backbone.layers.*.mlp.c_proj vision_tower.layers.*.mlp.fc2
= vision_tower.proj_in vision_tower.merger.linear_1
= vision_tower.proj_out vision_tower.merger.linear_2
= visual.backbone vision_tower
= visual.backbone.layers.*.mlp.c_fc vision_tower.layers.*.mlp.fc1
= visual.backbone.layers.*.mlp.c_proj vision_tower.layers.*.mlp.fc2
= visual.proj_in vision_tower.merger.linear_1
= visual.proj_out vision_tower.merger.linear_2
t lm_head Inkling2ForConditionalGeneration
t vision_tower.merger.linear_2 Inkling2Model
@ inkling2_loop | model | Inkling2LoopForConditionalGeneration Inkling2LoopModel
h vision_tower.merger linear_2
m - lm_head
m language_model.layers.*.k_message_gate down_proj forget_gate_proj message_gate_proj
m language_model.layers.*.mlp_message_gate down_proj forget_gate_proj message_gate_proj
m language_model.layers.*.q_message_gate down_proj forget_gate_proj message_gate_proj
m language_model.layers.*.self_attn.k_proj.sconv weight_proj
m language_model.layers.*.self_attn.v_proj.sconv weight_proj
m language_model.layers.*.v_message_gate down_proj forget_gate_proj message_gate_proj
o language_model embed embed_tokens
o language_model.layers.*.mlp gate
o llm embed unembed
o llm.layers.*.mlp gate
o vision_tower.embeddings position_embedding
q language_model.layers.*.self_attn sink_proj
q language_model.layers.*.self_attn.k_proj linear
q language_model.layers.*.self_attn.o_proj gate_proj linear
q language_model.layers.*.self_attn.q_proj linear
q language_model.layers.*.self_attn.relative_position_bias linear
q language_model.layers.*.self_attn.v_proj linear
q vision_tower.embeddings patch_embedding
q vision_tower.layers.*.mlp fc1 fc2
q vision_tower.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_tower.merger linear_1
= language_model.layers.*.attn.attn_sink_proj language_model.layers.*.self_attn.sink_proj
= language_model.layers.*.attn.gate_attn language_model.layers.*.self_attn.o_proj.gate_proj
= language_model.layers.*.attn.wk_dv language_model.layers.*.self_attn.k_proj.linear
= language_model.layers.*.attn.wo_ud language_model.layers.*.self_attn.o_proj.linear
= language_model.layers.*.attn.wq_du language_model.layers.*.self_attn.q_proj.linear
= language_model.layers.*.attn.wr_du language_model.layers.*.self_attn.relative_position_bias.linear
= language_model.layers.*.attn.wv_dv language_model.layers.*.self_attn.v_proj.linear
= llm.layers.*.attn.attn_sink_proj language_model.layers.*.self_attn.sink_proj
= llm.layers.*.attn.gate_attn language_model.layers.*.self_attn.o_proj.gate_proj
= llm.layers.*.attn.wk_dv language_model.layers.*.self_attn.k_proj.linear
= llm.layers.*.attn.wo_ud language_model.layers.*.self_attn.o_proj.linear
= llm.layers.*.attn.wq_du language_model.layers.*.self_attn.q_proj.linear
= llm.layers.*.attn.wr_du language_model.layers.*.self_attn.relative_position_bias.linear
= llm.layers.*.attn.wv_dv language_model.layers.*.self_attn.v_proj.linear
= vision_tower.backbone vision_tower
= vision_tower.backbone.layers.*.mlp.c_fc vision_tower.layers.*.mlp.fc1
= vision_tower.backbone.layers.*.mlp.c_proj vision_tower.layers.*.mlp.fc2
= vision_tower.proj_in vision_tower.merger.linear_1
= vision_tower.proj_out vision_tower.merger.linear_2
= visual.backbone vision_tower
= visual.backbone.layers.*.mlp.c_fc vision_tower.layers.*.mlp.fc1
= visual.backbone.layers.*.mlp.c_proj vision_tower.layers.*.mlp.fc2
= visual.proj_in vision_tower.merger.linear_1
= visual.proj_out vision_tower.merger.linear_2
t lm_head Inkling2LoopForConditionalGeneration
t vision_tower.merger.linear_2 Inkling2LoopModel
@ inkling2_loop_text | model | Inkling2LoopForCausalLM Inkling2LoopTextModel
m - lm_head
m layers.*.k_message_gate down_proj forget_gate_proj message_gate_proj
m layers.*.mlp_message_gate down_proj forget_gate_proj message_gate_proj
m layers.*.q_message_gate down_proj forget_gate_proj message_gate_proj
m layers.*.self_attn.k_proj.sconv weight_proj
m layers.*.self_attn.v_proj.sconv weight_proj
m layers.*.v_message_gate down_proj forget_gate_proj message_gate_proj
o - embed embed_tokens
o layers.*.mlp gate
o llm embed unembed
o llm.layers.*.mlp gate
q layers.*.self_attn sink_proj
q layers.*.self_attn.k_proj linear
q layers.*.self_attn.o_proj gate_proj linear
q layers.*.self_attn.q_proj linear
q layers.*.self_attn.relative_position_bias linear
q layers.*.self_attn.v_proj linear
= layers.*.attn.attn_sink_proj layers.*.self_attn.sink_proj
= layers.*.attn.gate_attn layers.*.self_attn.o_proj.gate_proj
= layers.*.attn.wk_dv layers.*.self_attn.k_proj.linear
= layers.*.attn.wo_ud layers.*.self_attn.o_proj.linear
= layers.*.attn.wq_du layers.*.self_attn.q_proj.linear
= layers.*.attn.wr_du layers.*.self_attn.relative_position_bias.linear
= layers.*.attn.wv_dv layers.*.self_attn.v_proj.linear
= llm.layers.*.attn.attn_sink_proj layers.*.self_attn.sink_proj
= llm.layers.*.attn.gate_attn layers.*.self_attn.o_proj.gate_proj
= llm.layers.*.attn.wk_dv layers.*.self_attn.k_proj.linear
= llm.layers.*.attn.wo_ud layers.*.self_attn.o_proj.linear
= llm.layers.*.attn.wq_du layers.*.self_attn.q_proj.linear
= llm.layers.*.attn.wr_du layers.*.self_attn.relative_position_bias.linear
= llm.layers.*.attn.wv_dv layers.*.self_attn.v_proj.linear
t lm_head Inkling2LoopForCausalLM
@ inkling2_text | model | Inkling2ForCausalLM Inkling2TextModel
m - lm_head
m layers.*.self_attn.k_proj.sconv weight_proj
m layers.*.self_attn.v_proj.sconv weight_proj
o - embed embed_tokens
o layers.*.mlp gate
o llm embed unembed
o llm.layers.*.mlp gate
q layers.*.self_attn sink_proj
q layers.*.self_attn.k_proj linear
q layers.*.self_attn.o_proj gate_proj linear
q layers.*.self_attn.q_proj linear
q layers.*.self_attn.relative_position_bias linear
q layers.*.self_attn.v_proj linear
= layers.*.attn.attn_sink_proj layers.*.self_attn.sink_proj
= layers.*.attn.gate_attn layers.*.self_attn.o_proj.gate_proj
= layers.*.attn.wk_dv layers.*.self_attn.k_proj.linear
= layers.*.attn.wo_ud layers.*.self_attn.o_proj.linear
= layers.*.attn.wq_du layers.*.self_attn.q_proj.linear
= layers.*.attn.wr_du layers.*.self_attn.relative_position_bias.linear
= layers.*.attn.wv_dv layers.*.self_attn.v_proj.linear
= llm.layers.*.attn.attn_sink_proj layers.*.self_attn.sink_proj
= llm.layers.*.attn.gate_attn layers.*.self_attn.o_proj.gate_proj
= llm.layers.*.attn.wk_dv layers.*.self_attn.k_proj.linear
= llm.layers.*.attn.wo_ud layers.*.self_attn.o_proj.linear
= llm.layers.*.attn.wq_du layers.*.self_attn.q_proj.linear
= llm.layers.*.attn.wr_du layers.*.self_attn.relative_position_bias.linear
= llm.layers.*.attn.wv_dv layers.*.self_attn.v_proj.linear
t lm_head Inkling2ForCausalLM
@ inkling2_vision | model | Inkling2VisionModel
d merger linear_2
o embeddings position_embedding
q embeddings patch_embedding
q layers.*.mlp fc1 fc2
q layers.*.self_attn k_proj out_proj q_proj v_proj
q merger linear_1
t merger.linear_2 Inkling2VisionModel
@ inkling_mm_model | model | InklingForConditionalGeneration InklingModel
d - lm_head
o audio encoder
o audio_tower encoder
o audio_tower.embed_audio_tokens embed_audio_tokens
o language_model embed_tokens
o language_model.layers.*.mlp gate
o llm embed
o llm.layers.*.mlp gate
o vision_tower.layers linear_1 linear_10 linear_11 linear_12 linear_13 linear_14 linear_15 linear_16 linear_17 linear_18 linear_19 linear_2 linear_20 linear_21 linear_22 linear_23 linear_3 linear_4 linear_5 linear_6 linear_7 linear_8 linear_9
o visual.layers linear_1 linear_10 linear_11 linear_12 linear_13 linear_14 linear_15 linear_16 linear_17 linear_18 linear_19 linear_2 linear_20 linear_21 linear_22 linear_23 linear_3 linear_4 linear_5 linear_6 linear_7 linear_8 linear_9
q language_model.layers.*.self_attn k_proj o_proj q_proj r_proj v_proj
q vision_tower.encoder_layers.* projection
= language_model.layers.*.attn.wk_dv language_model.layers.*.self_attn.k_proj
= language_model.layers.*.attn.wo_ud language_model.layers.*.self_attn.o_proj
= language_model.layers.*.attn.wq_du language_model.layers.*.self_attn.q_proj
= language_model.layers.*.attn.wr_du language_model.layers.*.self_attn.r_proj
= language_model.layers.*.attn.wv_dv language_model.layers.*.self_attn.v_proj
= llm.layers.*.attn.wk_dv language_model.layers.*.self_attn.k_proj
= llm.layers.*.attn.wo_ud language_model.layers.*.self_attn.o_proj
= llm.layers.*.attn.wq_du language_model.layers.*.self_attn.q_proj
= llm.layers.*.attn.wr_du language_model.layers.*.self_attn.r_proj
= llm.layers.*.attn.wv_dv language_model.layers.*.self_attn.v_proj
= llm.unembed lm_head
= vision_tower.layers.linear_0 vision_tower.encoder_layers.*.projection
= visual.layers.linear_0 vision_tower.encoder_layers.*.projection
t lm_head InklingForConditionalGeneration
@ inkling_text | model | InklingForCausalLM InklingTextModel
d - lm_head
o - embed_tokens
o layers.*.mlp gate
q layers.*.self_attn k_proj o_proj q_proj r_proj v_proj
t lm_head InklingForCausalLM
@ instructblip | blip | InstructBlipForConditionalGeneration InstructBlipModel
d language_model lm_head
o language_model.decoder embed_positions embed_tokens
o language_model.model.decoder embed_positions embed_tokens
o qformer.embeddings position_embeddings word_embeddings
q - language_projection
q language_model.decoder.layers.* fc1 fc2
q language_model.decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q language_model.model.decoder.layers.* fc1 fc2
q language_model.model.decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q qformer.encoder.layer.*.attention.attention key query value
q qformer.encoder.layer.*.attention.output dense
q qformer.encoder.layer.*.crossattention.attention key query value
q qformer.encoder.layer.*.crossattention.output dense
q qformer.encoder.layer.*.intermediate dense
q qformer.encoder.layer.*.intermediate_query dense
q qformer.encoder.layer.*.output dense
q qformer.encoder.layer.*.output_query dense
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn projection qkv
t language_model.lm_head InstructBlipForConditionalGeneration
@ instructblipvideo | blip | InstructBlipVideoForConditionalGeneration InstructBlipVideoModel
& instructblip
t language_model.lm_head InstructBlipVideoForConditionalGeneration
@ internvl | model | InternVLForConditionalGeneration InternVLModel
d - lm_head
o language_model embed_tokens
o language_model.model embed_tokens
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear_1 linear_2
q vision_tower.encoder.layer.*.attention k_proj projection_layer q_proj v_proj
q vision_tower.encoder.layer.*.mlp fc1 fc2
= language_model -
= language_model.model language_model
t lm_head InternVLForConditionalGeneration
@ internvl_vision | internvl_vision | InternVLVisionModel
q encoder.layer.*.attention k_proj projection_layer q_proj v_proj
q encoder.layer.*.mlp fc1 fc2
@ jais2 | model | Jais2ForCausalLM Jais2Model
& apertus1p5_text
t lm_head Jais2ForCausalLM
@ jamba | model | JambaForCausalLM JambaForSequenceClassification JambaModel
d - lm_head score
o - embed_tokens
o layers.*.feed_forward router
o layers.*.feed_forward.experts.* down_proj gate_proj up_proj
q layers.*.feed_forward down_proj gate_proj up_proj
q layers.*.mamba dt_proj in_proj out_proj x_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head JambaForCausalLM
t score JambaForSequenceClassification
@ janus | model | JanusForConditionalGeneration JanusModel
d - lm_head
o - generation_embeddings
o language_model embed_tokens
o vision_model.embeddings position_embedding
o vqmodel.quantize embedding
q aligner fc1
q aligner.hidden_layers *
q generation_aligner fc1
q generation_aligner.hidden_layers *
q generation_head proj_out vision_head
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj projection_layer q_proj v_proj
t lm_head JanusForConditionalGeneration
@ jetmoe | model | JetMoeForCausalLM JetMoeForSequenceClassification JetMoeModel
d - lm_head score
o - embed_tokens
q layers.*.mlp.router layer
q layers.*.self_attention kv_proj
q layers.*.self_attention.experts.router layer
t lm_head JetMoeForCausalLM
t score JetMoeForSequenceClassification
@ jev | model | JevForDecision
m - proj
o - embed_tokens
q layers.*.linear_attn in_proj_a in_proj_b in_proj_qkv in_proj_z out_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
@ jina_embeddings_v3 | roberta | JinaEmbeddingsV3ForMaskedLM JinaEmbeddingsV3ForQuestionAnswering JinaEmbeddingsV3ForSequenceClassification JinaEmbeddingsV3ForTokenClassification JinaEmbeddingsV3Model
d lm_head decoder
h - classifier qa_outputs
h classifier out_proj
m layers.*.self_attn k_proj q_proj v_proj
o embeddings token_type_embeddings word_embeddings
o encoder.layers.*.mixer Wqkv
q classifier dense
q layers.*.mlp fc1 fc2
q layers.*.self_attn o_proj
q lm_head dense
q pooler dense
= encoder -
= encoder.layers.*.mixer.out_proj layers.*.self_attn.o_proj
t lm_head.decoder JinaEmbeddingsV3ForMaskedLM
@ kimi_k25 | model | Kimi_K25ForConditionalGeneration Kimi_K25Model
d - lm_head
m vision_tower.layers.*.attn k_proj q_proj v_proj
o language_model embed_tokens
o language_model.blocks.*.mlp gate
o language_model.blocks.*.mlp.experts.* down_proj gate_proj up_proj
o language_model.layers.*.mlp gate
o language_model.model embed_tokens
o language_model.model.blocks.*.mlp gate
o language_model.model.blocks.*.mlp.experts.* down_proj gate_proj up_proj
o vision_tower.blocks.* wqkv
o vision_tower.encoder.blocks.* wqkv
o vision_tower.encoder.blocks.*.mlp fc1
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.mlp.shared_experts down_proj gate_proj up_proj
q language_model.layers.*.self_attn kv_a_proj_with_mqa kv_b_proj o_proj q_a_proj q_b_proj
q mm_projector in_proj out_proj
q vision_tower.layers.*.attn proj
q vision_tower.layers.*.mlp fc1 fc2
= language_model -
= language_model.blocks language_model.layers
= language_model.model.blocks language_model.layers
= mm_projector.proj.* mm_projector.out_proj
= vision_tower.blocks vision_tower.layers
= vision_tower.encoder.blocks vision_tower.layers
= vision_tower.encoder.blocks.*.mlp.fc0 vision_tower.layers.*.mlp.fc1
= vision_tower.encoder.blocks.*.wo vision_tower.layers.*.attn.proj
t lm_head Kimi_K25ForConditionalGeneration
@ kimi_k25_vision | model | Kimi_K25VisionModel
q layers.*.attn k_proj proj q_proj v_proj
q layers.*.mlp fc1 fc2
@ kimi_linear | model | KimiLinearForCausalLM KimiLinearModel
d - lm_head
o - embed_tokens
o layers.*.block_sparse_moe gate
o layers.*.block_sparse_moe.experts.* w1 w2 w3
o layers.*.mlp gate
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn b_proj g_a_proj g_b_proj k_proj kv_a_proj_with_mqa kv_b_proj o_proj q_proj v_proj
q layers.*.self_attn.forget_gate f_a_proj f_b_proj
= layers.*.block_sparse_moe layers.*.mlp
= layers.*.self_attn layers.*.self_attn.forget_gate
t lm_head KimiLinearForCausalLM
@ kolibri1 | model | Kolibri1ForCausalLM Kolibri1Model
d - lm_head
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head Kolibri1ForCausalLM
@ kosmos-2 |  | Kosmos2ForConditionalGeneration Kosmos2Model
d text_model lm_head
o text_model.model embed_tokens
o vision_model.model.embeddings position_embedding
q image_to_text_projection dense
q image_to_text_projection.x_attn k_proj out_proj q_proj v_proj
q text_model.model.layers.*.ffn fc1 fc2
q text_model.model.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_model.model.encoder.layers.*.mlp fc1 fc2
q vision_model.model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t text_model.lm_head Kosmos2ForConditionalGeneration
@ kosmos-2.5 |  | Kosmos2_5ForConditionalGeneration Kosmos2_5Model
d text_model lm_head
o text_model.model embed_tokens segment_emb
o vision_model.embeddings column_embedder row_embedder
q image_to_text_projection dense
q image_to_text_projection.x_attn k_proj out_proj q_proj v_proj
q text_model.model.layers.*.ffn fc1 fc2
q text_model.model.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_model.embeddings patch_projection
q vision_model.encoder.layer.*.attention key output query value
q vision_model.encoder.layer.*.mlp wi_0 wi_1 wo
t text_model.lm_head Kosmos2_5ForConditionalGeneration
@ kyutai_speech_to_text | model | KyutaiSpeechToTextForConditionalGeneration KyutaiSpeechToTextModel
d - lm_head
o embed_tokens embed_tokens
q codec_model.decoder.decoder_transformer.layers.*.mlp fc1 fc2
q codec_model.decoder.decoder_transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
q codec_model.encoder.encoder_transformer.layers.*.mlp fc1 fc2
q codec_model.encoder.encoder_transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
q layers.*.mlp fc1 fc2
q layers.*.self_attn.k_proj linear
q layers.*.self_attn.o_proj linear
q layers.*.self_attn.q_proj linear
q layers.*.self_attn.v_proj linear
= codec_model codec_model.decoder
= codec_model codec_model.encoder
t lm_head KyutaiSpeechToTextForConditionalGeneration
@ laguna | model | LagunaForCausalLM LagunaModel
d - lm_head
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn g_proj k_proj o_proj q_proj v_proj
= layers.*.mlp.shared_expert layers.*.mlp.shared_experts
t lm_head LagunaForCausalLM
@ lara_mini | model | LaraMiniForCausalLM LaraMiniModel
d - lm_head
m layers.*.linear_attn in_proj_a in_proj_b in_proj_qkv in_proj_z
o - embed_tokens
o layers.*.linear_attn in_proj
o layers.*.mlp gate
q layers.*.linear_attn out_proj
q layers.*.mlp.shared_expert down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head LaraMiniForCausalLM
@ lasr_ctc | model | LasrForCTC
q encoder.layers.*.feed_forward1 linear1 linear2
q encoder.layers.*.feed_forward2 linear1 linear2
q encoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q encoder.subsampler dense_0 dense_1
@ lasr_encoder | encoder | LasrEncoder
q layers.*.feed_forward1 linear1 linear2
q layers.*.feed_forward2 linear1 linear2
q layers.*.self_attn k_proj o_proj q_proj v_proj
q subsampler dense_0 dense_1
@ layoutlm | layoutlm | LayoutLMForMaskedLM LayoutLMForQuestionAnswering LayoutLMForSequenceClassification LayoutLMForTokenClassification LayoutLMModel
d cls.predictions decoder
h - classifier qa_outputs
o embeddings h_position_embeddings position_embeddings token_type_embeddings w_position_embeddings word_embeddings x_position_embeddings y_position_embeddings
q cls.predictions.transform dense
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q pooler dense
t cls.predictions.decoder LayoutLMForMaskedLM
@ layoutlmv3 | layoutlmv3 | LayoutLMv3ForQuestionAnswering LayoutLMv3ForSequenceClassification LayoutLMv3ForTokenClassification LayoutLMv3Model
h - classifier
h classifier out_proj
h encoder rel_pos_y_bias
h qa_outputs out_proj
o embeddings h_position_embeddings position_embeddings token_type_embeddings w_position_embeddings word_embeddings x_position_embeddings y_position_embeddings
q classifier dense
q encoder rel_pos_bias rel_pos_x_bias
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q qa_outputs dense
t encoder.rel_pos_y_bias LayoutLMv3Model
@ led | led | LEDForConditionalGeneration LEDForQuestionAnswering LEDModel
d - lm_head
h - qa_outputs
o - shared
o decoder embed_positions embed_tokens
o encoder embed_positions embed_tokens
q decoder.layers.* fc1 fc2
q decoder.layers.*.encoder_attn k_proj out_proj q_proj v_proj
q decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q encoder.layers.* fc1 fc2
q encoder.layers.*.self_attn output
q encoder.layers.*.self_attn.longformer_self_attn key key_global query query_global value value_global
t lm_head LEDForConditionalGeneration
@ levit | levit | LevitForImageClassification LevitForImageClassificationWithTeacher LevitModel
h classifier linear
h classifier_distill linear
q encoder.stages.*.layers.*.keys_values linear
q encoder.stages.*.layers.*.module.linear_down linear
q encoder.stages.*.layers.*.module.linear_up linear
q encoder.stages.*.layers.*.module.projection linear
q encoder.stages.*.layers.*.module.queries_keys_values linear
q encoder.stages.*.layers.*.projection linear
q encoder.stages.*.layers.*.queries linear
@ lfm2 | model | Lfm2ForCausalLM Lfm2Model
d - lm_head
o - embed_tokens
q layers.*.feed_forward w1 w2 w3
q layers.*.self_attn k_proj out_proj q_proj v_proj
t lm_head Lfm2ForCausalLM
@ lfm2_vl | model | Lfm2VlForConditionalGeneration Lfm2VlModel
d - lm_head
o language_model embed_tokens
o vision_tower.embeddings position_embedding
o vision_tower.head.attention out_proj
q language_model.layers.*.feed_forward w1 w2 w3
q language_model.layers.*.self_attn k_proj out_proj q_proj v_proj
q multi_modal_projector linear_1 linear_2
q vision_tower.embeddings patch_embedding
q vision_tower.encoder.layers.*.mlp fc1 fc2
q vision_tower.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_tower.head.mlp fc1 fc2
t lm_head Lfm2VlForConditionalGeneration
@ lfm3 | model | Lfm3ForCausalLM Lfm3Model
d - lm_head
o - embed_tokens
q layers.*.conv in_proj out_proj
q layers.*.feed_forward w1 w2 w3
q layers.*.self_attn g_proj k_proj o_proj q_proj v_proj
= layers.*.self_attn.gate_proj layers.*.self_attn.g_proj
t lm_head Lfm3ForCausalLM
@ lfm3_vl | model | Lfm3VlForConditionalGeneration Lfm3VlModel
d - lm_head
o language_model embed_tokens
q language_model.layers.*.conv in_proj out_proj
q language_model.layers.*.feed_forward w1 w2 w3
q language_model.layers.*.self_attn g_proj k_proj o_proj q_proj v_proj
q multi_modal_projector linear_1 linear_2
q vision_tower patch_embed
q vision_tower.layers.*.conv in_proj out_proj
q vision_tower.layers.*.feed_forward w1 w2 w3
q vision_tower.layers.*.self_attn k_proj out_proj q_proj v_proj
= language_model.layers.*.self_attn.gate_proj language_model.layers.*.self_attn.g_proj
= vision_tower.patchifier vision_tower.patch_embed
t lm_head Lfm3VlForConditionalGeneration
@ lfm3_vl_vision | model | Lfm3VlVisionModel
q - patch_embed
q layers.*.conv in_proj out_proj
q layers.*.feed_forward w1 w2 w3
q layers.*.self_attn k_proj out_proj q_proj v_proj
= patchifier patch_embed
@ lightglue | lightglue | LightGlueForKeypointMatching
h match_assignment_layers.* matchability
h token_confidence.* token
q match_assignment_layers.* final_projection
q positional_encoder projector
q transformer_layers.*.cross_attention k_proj o_proj q_proj v_proj
q transformer_layers.*.cross_mlp fc1 fc2
q transformer_layers.*.self_attention k_proj o_proj q_proj v_proj
q transformer_layers.*.self_mlp fc1 fc2
@ lighton_ocr | model | LightOnOcrForConditionalGeneration LightOnOcrModel
d - lm_head
o language_model embed_tokens
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_encoder.transformer.layers.*.attention k_proj o_proj q_proj v_proj
q vision_encoder.transformer.layers.*.feed_forward down_proj gate_proj up_proj
q vision_projection linear_1 linear_2
q vision_projection.patch_merger merging_layer
t lm_head LightOnOcrForConditionalGeneration
@ lilt | lilt | LiltForQuestionAnswering LiltForSequenceClassification LiltForTokenClassification LiltModel
h - classifier qa_outputs
h classifier out_proj
o embeddings position_embeddings token_type_embeddings word_embeddings
o layout_embeddings box_position_embeddings h_position_embeddings w_position_embeddings x_position_embeddings y_position_embeddings
q classifier dense
q encoder.layer.*.attention.layout_output dense
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key layout_key layout_query layout_value query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.layout_intermediate dense
q encoder.layer.*.layout_output dense
q encoder.layer.*.output dense
q layout_embeddings box_linear_embeddings
q pooler dense
@ llama | model transformer | LlamaForCausalLM LlamaForQuestionAnswering LlamaForSequenceClassification LlamaForTokenClassification LlamaModel
& diffllama
t lm_head LlamaForCausalLM
t score LlamaForSequenceClassification
@ llama4 | model | Llama4ForConditionalGeneration
d language_model lm_head
o language_model.model embed_tokens
o language_model.model.layers.*.feed_forward router
q language_model.model.layers.*.feed_forward.shared_expert down_proj gate_proj up_proj
q language_model.model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear_1
q vision_model.model.layers.*.mlp fc1 fc2
q vision_model.model.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_model.patch_embedding linear
q vision_model.vision_adapter.mlp fc1 fc2
t language_model.lm_head Llama4ForConditionalGeneration
! Llama4ForConditionalGeneration
@ llama4_text | language_model model | Llama4ForCausalLM Llama4TextModel
d - lm_head
o - embed_tokens
o layers.*.feed_forward router
q layers.*.feed_forward.shared_expert down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head Llama4ForCausalLM
! Llama4ForCausalLM Llama4TextModel
@ llama4_vision_model | vision_model | Llama4VisionModel
d vision_adapter.mlp fc2
q model.layers.*.mlp fc1 fc2
q model.layers.*.self_attn k_proj o_proj q_proj v_proj
q patch_embedding linear
q vision_adapter.mlp fc1
t vision_adapter.mlp.fc2 Llama4VisionModel
@ llava | model | LlavaForConditionalGeneration LlavaModel
d - lm_head
o language_model embed_tokens
o language_model.model embed_tokens
o vision_tower.embeddings position_embedding
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear_1 linear_2
q vision_tower.encoder.layers.*.mlp fc1 fc2
q vision_tower.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
= language_model -
= language_model.model language_model
t lm_head LlavaForConditionalGeneration
@ llava_next | model | LlavaNextForConditionalGeneration LlavaNextModel
& llava
t lm_head LlavaNextForConditionalGeneration
@ llava_next_video | model | LlavaNextVideoForConditionalGeneration LlavaNextVideoModel
& llava
t lm_head LlavaNextVideoForConditionalGeneration
@ llava_onevision | model | LlavaOnevisionForConditionalGeneration LlavaOnevisionModel
& llava
t lm_head LlavaOnevisionForConditionalGeneration
@ longcat_flash | model | LongcatFlashForCausalLM LongcatFlashModel
d - lm_head
o - embed_tokens
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.mlp.router classifier
q layers.*.mlps.* down_proj gate_proj up_proj
q layers.*.self_attn.* kv_a_proj_with_mqa kv_b_proj o_proj q_a_proj q_b_proj
t lm_head LongcatFlashForCausalLM
@ longformer | longformer | LongformerForMaskedLM LongformerForMultipleChoice LongformerForQuestionAnswering LongformerForSequenceClassification LongformerForTokenClassification LongformerModel
d lm_head decoder
h - classifier qa_outputs
h classifier out_proj
o embeddings position_embeddings token_type_embeddings word_embeddings
q classifier dense
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key key_global query query_global value value_global
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q lm_head dense
q pooler dense
t lm_head.decoder LongformerForMaskedLM
@ longt5 | transformer | LongT5ForConditionalGeneration LongT5Model
d - lm_head
o - shared
o decoder embed_tokens
o decoder.block.*.layer.*.SelfAttention relative_attention_bias
o encoder embed_tokens
o encoder.block.*.layer.*.LocalSelfAttention relative_attention_bias
q decoder.block.*.layer.*.DenseReluDense wi wo
q decoder.block.*.layer.*.EncDecAttention k o q v
q decoder.block.*.layer.*.SelfAttention k o q v
q encoder.block.*.layer.*.DenseReluDense wi wo
q encoder.block.*.layer.*.LocalSelfAttention k o q v
t lm_head LongT5ForConditionalGeneration
@ luke | luke | LukeForMaskedLM LukeForMultipleChoice LukeForQuestionAnswering LukeForSequenceClassification LukeForTokenClassification LukeModel
d entity_predictions decoder
d lm_head decoder
h - classifier qa_outputs
o embeddings position_embeddings token_type_embeddings word_embeddings
o entity_embeddings entity_embeddings position_embeddings token_type_embeddings
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self e2e_query e2w_query key query value w2e_query
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q entity_embeddings entity_embedding_dense
q entity_predictions.transform dense
q lm_head dense
q pooler dense
t entity_predictions.decoder LukeForMaskedLM
t lm_head.decoder LukeForMaskedLM
@ lw_detr | model | LwDetrForObjectDetection LwDetrModel
h - class_embed
o - query_feat reference_point_embed
q backbone.backbone.encoder.layer.*.attention k_proj o_proj q_proj v_proj
q backbone.backbone.encoder.layer.*.intermediate fc1 fc2
q bbox_embed.layers *
q decoder.layers.*.cross_attn attention_weights output_proj sampling_offsets value_proj
q decoder.layers.*.mlp fc1 fc2
q decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q decoder.ref_point_head.layers *
q enc_out_bbox_embed.*.layers *
q enc_out_class_embed *
q enc_output *
= backbone.backbone.encoder.layer.*.attention.attention.key backbone.backbone.encoder.layer.*.attention.k_proj
= backbone.backbone.encoder.layer.*.attention.attention.query backbone.backbone.encoder.layer.*.attention.q_proj
= backbone.backbone.encoder.layer.*.attention.attention.value backbone.backbone.encoder.layer.*.attention.v_proj
= backbone.backbone.encoder.layer.*.attention.output backbone.backbone.encoder.layer.*.attention.o_proj
@ lw_detr_vit | lw_detr_vit | LwDetrViTBackbone
q encoder.layer.*.attention k_proj o_proj q_proj v_proj
q encoder.layer.*.intermediate fc1 fc2
@ lxmert | lxmert | LxmertForPreTraining LxmertForQuestionAnswering LxmertModel
h cls seq_relationship
h cls.predictions decoder
o embeddings position_embeddings token_type_embeddings word_embeddings
q answer_head.logit_fc *
q cls.predictions.transform dense
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q encoder.r_layers.*.attention.output dense
q encoder.r_layers.*.attention.self key query value
q encoder.r_layers.*.intermediate dense
q encoder.r_layers.*.output dense
q encoder.visn_fc box_fc visn_fc
q encoder.x_layers.*.lang_inter dense
q encoder.x_layers.*.lang_output dense
q encoder.x_layers.*.lang_self_att.output dense
q encoder.x_layers.*.lang_self_att.self key query value
q encoder.x_layers.*.visn_inter dense
q encoder.x_layers.*.visn_output dense
q encoder.x_layers.*.visn_self_att.output dense
q encoder.x_layers.*.visn_self_att.self key query value
q encoder.x_layers.*.visual_attention.att key query value
q encoder.x_layers.*.visual_attention.output dense
q obj_predict_head.decoder_dict attr feat obj
q obj_predict_head.transform dense
q pooler dense
t cls.predictions.decoder LxmertForPreTraining
@ m2m_100 | model | M2M100ForConditionalGeneration M2M100Model
d - lm_head
o - shared
o decoder embed_tokens
o encoder embed_tokens
q decoder.layers.* fc1 fc2
q decoder.layers.*.encoder_attn k_proj out_proj q_proj v_proj
q decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q encoder.layers.* fc1 fc2
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t lm_head M2M100ForConditionalGeneration
@ mamba | backbone | MambaForCausalLM MambaModel
& falcon_mamba
t lm_head MambaForCausalLM
@ mamba2 | backbone | Mamba2ForCausalLM Mamba2Model
d - lm_head
o - embeddings
q layers.*.mixer in_proj out_proj
t lm_head Mamba2ForCausalLM
@ marian | model | MarianForCausalLM MarianMTModel MarianModel
& blenderbot
t lm_head MarianForCausalLM MarianMTModel
@ markuplm | markuplm | MarkupLMForQuestionAnswering MarkupLMForSequenceClassification MarkupLMForTokenClassification MarkupLMModel
h - classifier qa_outputs
o embeddings position_embeddings token_type_embeddings word_embeddings
o embeddings.xpath_embeddings.xpath_subs_sub_embeddings *
o embeddings.xpath_embeddings.xpath_tag_sub_embeddings *
q embeddings.xpath_embeddings inner2emb xpath_unitseq2_embeddings xpath_unitseq2_inner
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q pooler dense
@ mask2former | model | Mask2FormerModel
o transformer_module level_embed queries_embedder queries_features
o transformer_module.decoder.layers.*.cross_attn out_proj
q pixel_level_module.decoder.encoder.layers.* fc1 fc2
q pixel_level_module.decoder.encoder.layers.*.self_attn attention_weights output_proj sampling_offsets value_proj
q pixel_level_module.encoder.swin.encoder.layers.*.blocks.*.attention k_proj o_proj q_proj v_proj
q pixel_level_module.encoder.swin.encoder.layers.*.blocks.*.mlp fc1 fc2
q pixel_level_module.encoder.swin.encoder.layers.*.downsample reduction
q transformer_module.decoder.layers.* fc1 fc2
q transformer_module.decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q transformer_module.decoder.mask_predictor.mask_embedder.* *
= pixel_level_module.encoder pixel_level_module.encoder.swin
= pixel_level_module.encoder.encoder.layers.*.blocks.*.attention.output.dense pixel_level_module.encoder.swin.encoder.layers.*.blocks.*.attention.o_proj
= pixel_level_module.encoder.encoder.layers.*.blocks.*.attention.self.key pixel_level_module.encoder.swin.encoder.layers.*.blocks.*.attention.k_proj
= pixel_level_module.encoder.encoder.layers.*.blocks.*.attention.self.query pixel_level_module.encoder.swin.encoder.layers.*.blocks.*.attention.q_proj
= pixel_level_module.encoder.encoder.layers.*.blocks.*.attention.self.value pixel_level_module.encoder.swin.encoder.layers.*.blocks.*.attention.v_proj
= pixel_level_module.encoder.encoder.layers.*.blocks.*.intermediate.dense pixel_level_module.encoder.swin.encoder.layers.*.blocks.*.mlp.fc1
= pixel_level_module.encoder.encoder.layers.*.blocks.*.output.dense pixel_level_module.encoder.swin.encoder.layers.*.blocks.*.mlp.fc2
@ maskformer | model | MaskFormerModel
o transformer_module queries_embedder
q pixel_level_module.encoder.model.encoder.layers.*.blocks.*.attention.output dense
q pixel_level_module.encoder.model.encoder.layers.*.blocks.*.attention.self key query value
q pixel_level_module.encoder.model.encoder.layers.*.blocks.*.intermediate dense
q pixel_level_module.encoder.model.encoder.layers.*.blocks.*.output dense
q pixel_level_module.encoder.model.encoder.layers.*.downsample reduction
q transformer_module.decoder.layers.*.encoder_attn k_proj o_proj q_proj v_proj
q transformer_module.decoder.layers.*.mlp fc1 fc2
q transformer_module.decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
= transformer_module.decoder.layers.* transformer_module.decoder.layers.*.mlp
= transformer_module.decoder.layers.*.encoder_attn.out_proj transformer_module.decoder.layers.*.encoder_attn.o_proj
= transformer_module.decoder.layers.*.self_attn.out_proj transformer_module.decoder.layers.*.self_attn.o_proj
@ maskformer-swin | model | MaskFormerSwinBackbone MaskFormerSwinModel
q encoder.layers.*.blocks.*.attention.output dense
q encoder.layers.*.blocks.*.attention.self key query value
q encoder.layers.*.blocks.*.intermediate dense
q encoder.layers.*.blocks.*.output dense
q encoder.layers.*.downsample reduction
@ mbart | model | MBartForCausalLM MBartForConditionalGeneration MBartForQuestionAnswering MBartForSequenceClassification MBartModel
& bart
t lm_head MBartForCausalLM MBartForConditionalGeneration
@ megatron-bert | bert | MegatronBertForCausalLM MegatronBertForMaskedLM MegatronBertForMultipleChoice MegatronBertForNextSentencePrediction MegatronBertForPreTraining MegatronBertForQuestionAnswering MegatronBertForSequenceClassification MegatronBertForTokenClassification MegatronBertModel
& bert
t cls.predictions.decoder MegatronBertForCausalLM MegatronBertForMaskedLM MegatronBertForPreTraining
@ mellum | model | MellumForCausalLM MellumModel
& cohere2_moe
t lm_head MellumForCausalLM
@ metaclip_2 | metaclip_2 | MetaClip2ForImageClassification MetaClip2Model
& clip
t text_projection MetaClip2Model
@ mgp-str | mgp_str | MgpstrForSceneTextRecognition
q - bpe_head char_head wp_head
q encoder.blocks.*.attn proj qkv
q encoder.blocks.*.mlp fc1 fc2
@ mimi | mimi | MimiModel
q decoder.decoder_transformer.layers.*.mlp fc1 fc2
q decoder.decoder_transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
q encoder.encoder_transformer.layers.*.mlp fc1 fc2
q encoder.encoder_transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
= - decoder
= - encoder
@ mimi_decoder | decoder | MimiDecoderModel
q decoder_transformer.layers.*.mlp fc1 fc2
q decoder_transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
@ mimi_encoder | encoder | MimiEncoderModel
q encoder_transformer.layers.*.mlp fc1 fc2
q encoder_transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
@ mimo_v2_flash | model | MiMoV2FlashForCausalLM MiMoV2FlashModel
d - lm_head
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head MiMoV2FlashForCausalLM
@ minicpm3 | model | MiniCPM3ForCausalLM MiniCPM3ForSequenceClassification MiniCPM3Model
d - lm_head score
o - embed_tokens
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn kv_a_proj_with_mqa kv_b_proj o_proj q_a_proj q_b_proj
t lm_head MiniCPM3ForCausalLM
t score MiniCPM3ForSequenceClassification
@ minicpm_ocr | model | MiniCPMOcrForConditionalGeneration MiniCPMOcrModel
d - lm_head
o language_model embed_tokens
o vision_tower.embeddings position_embedding
q language_model.layers.*.linear_attn in_proj_a in_proj_b in_proj_qkv in_proj_z out_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q merger.mlp.* linear_1 linear_2
q vision_tower.encoder.layers.*.mlp fc1 fc2
q vision_tower.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_tower.vit_merger linear_1 linear_2
q vision_tower.vit_merger.self_attn k_proj out_proj q_proj v_proj
t lm_head MiniCPMOcrForConditionalGeneration
@ minicpm_ocr_vision |  | MiniCPMOcrVisionModel
o embeddings position_embedding
q encoder.layers.*.mlp fc1 fc2
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vit_merger linear_1 linear_2
q vit_merger.self_attn k_proj out_proj q_proj v_proj
@ minicpmv4_6 | model | MiniCPMV4_6ForConditionalGeneration MiniCPMV4_6Model
& minicpm_ocr
t lm_head MiniCPMV4_6ForConditionalGeneration
@ minicpmv4_7 | model | MiniCPMV4_7ForConditionalGeneration MiniCPMV4_7Model
& minicpm_ocr
t lm_head MiniCPMV4_7ForConditionalGeneration
@ minicpmv4_7_vision |  | MiniCPMV4_7VisionModel
& minicpm_ocr_vision
@ minimax | model | MiniMaxForCausalLM MiniMaxForQuestionAnswering MiniMaxForSequenceClassification MiniMaxForTokenClassification MiniMaxModel
d - lm_head
h - qa_outputs score
o - embed_tokens
o layers.*.block_sparse_moe gate
o layers.*.block_sparse_moe.experts.* w1 w2 w3
o layers.*.mlp gate
q layers.*.self_attn k_proj o_proj out_proj output_gate q_proj qkv_proj v_proj
t lm_head MiniMaxForCausalLM
t score MiniMaxForSequenceClassification
@ minimax_m2 | model | MiniMaxM2ForCausalLM MiniMaxM2Model
d - lm_head
o - embed_tokens
o layers.*.block_sparse_moe gate
o layers.*.block_sparse_moe.experts.* w1 w2 w3
o layers.*.mlp gate
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head MiniMaxM2ForCausalLM
@ minimax_m3_vl | model | MiniMaxM3SparseForConditionalGeneration MiniMaxM3VLModel
d - lm_head
m language_model.layers.*.mlp.shared_experts gate_up_proj
o language_model embed_tokens
o language_model.layers.*.block_sparse_moe gate
o language_model.layers.*.block_sparse_moe.experts.* w1 w2 w3
o language_model.layers.*.block_sparse_moe.shared_experts gate_proj up_proj
o language_model.layers.*.mlp gate
o language_model.model embed_tokens
o language_model.model.layers.*.block_sparse_moe gate
o language_model.model.layers.*.block_sparse_moe.experts.* w1 w2 w3
o language_model.model.layers.*.block_sparse_moe.shared_experts gate_proj up_proj
q language_model.layers.*.mlp.shared_experts down_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear_1 linear_2 merge_linear_1 merge_linear_2
q vision_tower.layers.*.mlp fc1 fc2
q vision_tower.layers.*.self_attn k_proj out_proj q_proj v_proj
= language_model -
= language_model.layers.*.block_sparse_moe language_model.layers.*.mlp
= language_model.model language_model
= language_model.model.layers.*.block_sparse_moe language_model.layers.*.mlp
= patch_merge_mlp.linear_1 multi_modal_projector.merge_linear_1
= patch_merge_mlp.linear_2 multi_modal_projector.merge_linear_2
= vision_tower.vision_model.encoder vision_tower
t lm_head MiniMaxM3SparseForConditionalGeneration
@ minimax_m3_vl_text | model | MiniMaxM3VLForCausalLM MiniMaxM3VLTextModel
d - lm_head
o - embed_tokens
o layers.*.mlp gate
q layers.*.mlp.shared_experts down_proj gate_up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head MiniMaxM3VLForCausalLM
@ ministral | model transformer | MinistralForCausalLM MinistralForQuestionAnswering MinistralForSequenceClassification MinistralForTokenClassification MinistralModel
& diffllama
t lm_head MinistralForCausalLM
t score MinistralForSequenceClassification
@ ministral3 | model | Ministral3ForCausalLM Ministral3ForQuestionAnswering Ministral3ForSequenceClassification Ministral3ForTokenClassification Ministral3Model
& diffllama
t lm_head Ministral3ForCausalLM
t score Ministral3ForSequenceClassification
@ mistral | model | MistralForCausalLM MistralForQuestionAnswering MistralForSequenceClassification MistralForTokenClassification MistralModel
& diffllama
t lm_head MistralForCausalLM
t score MistralForSequenceClassification
@ mistral3 | model | Mistral3ForConditionalGeneration Mistral3Model
d - lm_head
o language_model embed_tokens
o language_model.model embed_tokens
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear_1 linear_2
q multi_modal_projector.patch_merger merging_layer
q vision_tower.transformer.layers.*.attention k_proj o_proj q_proj v_proj
q vision_tower.transformer.layers.*.feed_forward down_proj gate_proj up_proj
= language_model -
= language_model.model language_model
t lm_head Mistral3ForConditionalGeneration
@ mistral4 | model | Mistral4ForCausalLM Mistral4ForSequenceClassification Mistral4ForTokenClassification Mistral4Model
d - lm_head
h - score
o - embed_tokens
o layers.*.mlp gate
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn kv_a_proj_with_mqa kv_b_proj o_proj q_a_proj q_b_proj
t lm_head Mistral4ForCausalLM
t score Mistral4ForSequenceClassification
@ mistral_large4 | model | MistralLarge4ForConditionalGeneration MistralLarge4Model
d - lm_head
d language_model.layers.*.self_attn.indexer weights_proj
m vision_tower.transformer.layers.*.attention k_proj q_proj
o - tok_embeddings
o language_model embed_tokens
o language_model.layers.* gate
o language_model.layers.*.experts.* w1 w2 w3
o language_model.layers.*.mlp gate
o layers.* gate
o layers.*.experts.* w1 w2 w3
o vision_encoder.transformer.layers.*.attention wk wq
o vision_tower.transformer.layers.*.attention wk wq
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.mlp.shared_experts down_proj gate_proj up_proj
q language_model.layers.*.self_attn kv_a_proj_with_mqa kv_b_proj o_proj q_proj
q language_model.layers.*.self_attn.indexer wk wq_b
q multi_modal_projector linear_1 linear_2
q multi_modal_projector.patch_merger merging_layer
q vision_tower.transformer.layers.*.attention o_proj v_proj
q vision_tower.transformer.layers.*.feed_forward down_proj gate_proj up_proj
= - multi_modal_projector
= language_model.layers.*.attention language_model.layers.*.self_attn
= language_model.layers.*.attention.wkv_a_with_mqa language_model.layers.*.self_attn.kv_a_proj_with_mqa
= language_model.layers.*.attention.wkv_b language_model.layers.*.self_attn.kv_b_proj
= language_model.layers.*.attention.wo language_model.layers.*.self_attn.o_proj
= language_model.layers.*.attention.wq language_model.layers.*.self_attn.q_proj
= language_model.layers.*.feed_forward.w1 language_model.layers.*.mlp.gate_proj
= language_model.layers.*.feed_forward.w2 language_model.layers.*.mlp.down_proj
= language_model.layers.*.feed_forward.w3 language_model.layers.*.mlp.up_proj
= language_model.layers.*.shared_experts.w1 language_model.layers.*.mlp.shared_experts.gate_proj
= language_model.layers.*.shared_experts.w2 language_model.layers.*.mlp.shared_experts.down_proj
= language_model.layers.*.shared_experts.w3 language_model.layers.*.mlp.shared_experts.up_proj
= layers.*.attention language_model.layers.*.self_attn
= layers.*.attention.wkv_a_with_mqa language_model.layers.*.self_attn.kv_a_proj_with_mqa
= layers.*.attention.wkv_b language_model.layers.*.self_attn.kv_b_proj
= layers.*.attention.wo language_model.layers.*.self_attn.o_proj
= layers.*.attention.wq language_model.layers.*.self_attn.q_proj
= layers.*.feed_forward.w1 language_model.layers.*.mlp.gate_proj
= layers.*.feed_forward.w2 language_model.layers.*.mlp.down_proj
= layers.*.feed_forward.w3 language_model.layers.*.mlp.up_proj
= layers.*.shared_experts.w1 language_model.layers.*.mlp.shared_experts.gate_proj
= layers.*.shared_experts.w2 language_model.layers.*.mlp.shared_experts.down_proj
= layers.*.shared_experts.w3 language_model.layers.*.mlp.shared_experts.up_proj
= output lm_head
= vision_encoder.transformer.layers.*.attention.wo vision_tower.transformer.layers.*.attention.o_proj
= vision_encoder.transformer.layers.*.attention.wv vision_tower.transformer.layers.*.attention.v_proj
= vision_encoder.transformer.layers.*.feed_forward.w1 vision_tower.transformer.layers.*.feed_forward.gate_proj
= vision_encoder.transformer.layers.*.feed_forward.w2 vision_tower.transformer.layers.*.feed_forward.down_proj
= vision_encoder.transformer.layers.*.feed_forward.w3 vision_tower.transformer.layers.*.feed_forward.up_proj
= vision_language_adapter.w_in multi_modal_projector.linear_1
= vision_language_adapter.w_out multi_modal_projector.linear_2
= vision_tower.transformer.layers.*.attention.wo vision_tower.transformer.layers.*.attention.o_proj
= vision_tower.transformer.layers.*.attention.wv vision_tower.transformer.layers.*.attention.v_proj
= vision_tower.transformer.layers.*.feed_forward.w1 vision_tower.transformer.layers.*.feed_forward.gate_proj
= vision_tower.transformer.layers.*.feed_forward.w2 vision_tower.transformer.layers.*.feed_forward.down_proj
= vision_tower.transformer.layers.*.feed_forward.w3 vision_tower.transformer.layers.*.feed_forward.up_proj
t lm_head MistralLarge4ForConditionalGeneration
@ mistral_large4_text | model | MistralLarge4TextModel
d layers.*.self_attn.indexer weights_proj
o - embed_tokens
o layers.* gate
o layers.*.experts.* w1 w2 w3
o layers.*.mlp gate
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.mlp.shared_experts down_proj gate_proj up_proj
q layers.*.self_attn kv_a_proj_with_mqa kv_b_proj o_proj q_proj
q layers.*.self_attn.indexer wk wq_b
= layers.* layers.*.mlp
= layers.*.attention layers.*.self_attn
= layers.*.attention.wkv_a_with_mqa layers.*.self_attn.kv_a_proj_with_mqa
= layers.*.attention.wkv_b layers.*.self_attn.kv_b_proj
= layers.*.attention.wq layers.*.self_attn.q_proj
= layers.*.feed_forward layers.*.mlp
@ mixtral | model | MixtralForCausalLM MixtralForQuestionAnswering MixtralForSequenceClassification MixtralForTokenClassification MixtralModel
d - lm_head
h - qa_outputs score
o - embed_tokens
o layers.*.block_sparse_moe gate
o layers.*.block_sparse_moe.experts.* w1 w2 w3
o layers.*.mlp gate
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head MixtralForCausalLM
t score MixtralForSequenceClassification
@ mlcd_vision_model | vision_model | MLCDVisionModel
q encoder.layers.*.mlp fc1 fc2
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
@ mllama | model | MllamaForConditionalGeneration MllamaModel
d - lm_head
o language_model embed_tokens
o language_model.model embed_tokens
o vision_model.gated_positional_embedding tile_embedding
o vision_model.post_tile_positional_embedding embedding
o vision_model.pre_tile_positional_embedding embedding
q - multi_modal_projector
q language_model.layers.*.cross_attn k_proj o_proj q_proj v_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_model.global_transformer.layers.*.mlp fc1 fc2
q vision_model.global_transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_model.transformer.layers.*.mlp fc1 fc2
q vision_model.transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
= language_model -
= language_model.model language_model
t lm_head MllamaForConditionalGeneration
@ mllama_text_model | language_model language_model.model | MllamaForCausalLM MllamaTextModel
d - lm_head
o - embed_tokens
o model embed_tokens
q layers.*.cross_attn k_proj o_proj q_proj v_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
q model.layers.*.cross_attn k_proj o_proj q_proj v_proj
q model.layers.*.mlp down_proj gate_proj up_proj
q model.layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head MllamaForCausalLM
@ mllama_vision_model | vision_model | MllamaVisionModel
o gated_positional_embedding tile_embedding
o post_tile_positional_embedding embedding
o pre_tile_positional_embedding embedding
q global_transformer.layers.*.mlp fc1 fc2
q global_transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
q transformer.layers.*.mlp fc1 fc2
q transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
@ mm-grounding-dino | model | MMGroundingDinoForObjectDetection MMGroundingDinoModel
& grounding-dino
@ mobilebert | mobilebert | MobileBertForMaskedLM MobileBertForMultipleChoice MobileBertForNextSentencePrediction MobileBertForPreTraining MobileBertForQuestionAnswering MobileBertForSequenceClassification MobileBertForTokenClassification MobileBertModel
d cls.predictions decoder
h - classifier qa_outputs
h cls seq_relationship
o embeddings position_embeddings token_type_embeddings word_embeddings
q cls.predictions dense
q cls.predictions.transform dense
q embeddings embedding_transformation
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.bottleneck.attention dense
q encoder.layer.*.bottleneck.input dense
q encoder.layer.*.ffn.*.intermediate dense
q encoder.layer.*.ffn.*.output dense
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q encoder.layer.*.output.bottleneck dense
q pooler dense
t cls.predictions.decoder MobileBertForMaskedLM MobileBertForPreTraining
@ mobilenet_v1 | mobilenet_v1 | MobileNetV1ForImageClassification MobileNetV1Model
& efficientnet
@ mobilenet_v2 | mobilenet_v2 | MobileNetV2ForImageClassification MobileNetV2ForSemanticSegmentation MobileNetV2Model
& efficientnet
@ mobilevit | mobilevit | MobileViTForImageClassification MobileViTForSemanticSegmentation MobileViTModel
h - classifier
q encoder.layer.*.transformer.layer.*.attention.attention key query value
q encoder.layer.*.transformer.layer.*.attention.output dense
q encoder.layer.*.transformer.layer.*.intermediate dense
q encoder.layer.*.transformer.layer.*.output dense
@ mobilevitv2 | mobilevitv2 | MobileViTV2ForImageClassification MobileViTV2ForSemanticSegmentation MobileViTV2Model
& efficientnet
@ modernbert | model | ModernBertForMaskedLM ModernBertForMultipleChoice ModernBertForQuestionAnswering ModernBertForSequenceClassification ModernBertForTokenClassification ModernBertModel
d - decoder
h - classifier
o embeddings tok_embeddings
q head dense
q layers.*.attn Wo Wqkv
q layers.*.mlp Wi Wo
t decoder ModernBertForMaskedLM
@ modernbert-decoder | model | ModernBertDecoderForCausalLM ModernBertDecoderForSequenceClassification ModernBertDecoderModel
d - classifier decoder
o embeddings tok_embeddings
q head dense
q layers.*.attn Wo k_proj q_proj v_proj
q layers.*.mlp Wi Wo
q lm_head dense
t classifier ModernBertDecoderForSequenceClassification
t decoder ModernBertDecoderForCausalLM
@ modernvbert | model | ModernVBertForMaskedLM ModernVBertForSequenceClassification ModernVBertForTokenClassification ModernVBertModel
d - lm_head
h - classifier
o text_model.embeddings tok_embeddings
o vision_model.embeddings position_embedding
o vision_model.head.attention out_proj
q connector modality_projection
q head dense
q projection_head dense
q text_model.layers.*.attn Wo Wqkv
q text_model.layers.*.mlp Wi Wo
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_model.head.mlp fc1 fc2
t lm_head ModernVBertForMaskedLM
@ molmo2 | model | Molmo2ForConditionalGeneration Molmo2Model
d - lm_head
m language_model.layers.*.mlp gate_proj up_proj
m language_model.layers.*.self_attn k_proj q_proj v_proj
o language_model embed_tokens
o transformer.blocks.*.mlp ff_proj
o transformer.blocks.*.self_attn att_proj
q language_model.layers.*.mlp down_proj
q language_model.layers.*.self_attn o_proj
q multi_modal_projector.image_pooling_2d k_proj o_proj q_proj v_proj
q multi_modal_projector.image_projector down_proj gate_proj up_proj
q vision_tower patch_embedding
q vision_tower.layers.*.mlp fc1 fc2
q vision_tower.layers.*.self_attn k_proj o_proj q_proj v_proj
= transformer.blocks.*.mlp.ff_out language_model.layers.*.mlp.down_proj
= transformer.blocks.*.self_attn.attn_out language_model.layers.*.self_attn.o_proj
= vision_backbone.image_pooling_2d.wk multi_modal_projector.image_pooling_2d.k_proj
= vision_backbone.image_pooling_2d.wo multi_modal_projector.image_pooling_2d.o_proj
= vision_backbone.image_pooling_2d.wq multi_modal_projector.image_pooling_2d.q_proj
= vision_backbone.image_pooling_2d.wv multi_modal_projector.image_pooling_2d.v_proj
= vision_backbone.image_projector.w1 multi_modal_projector.image_projector.gate_proj
= vision_backbone.image_projector.w2 multi_modal_projector.image_projector.down_proj
= vision_backbone.image_projector.w3 multi_modal_projector.image_projector.up_proj
= vision_backbone.image_vit vision_tower
= vision_backbone.image_vit.transformer.resblocks.*.attention.wk vision_tower.layers.*.self_attn.k_proj
= vision_backbone.image_vit.transformer.resblocks.*.attention.wo vision_tower.layers.*.self_attn.o_proj
= vision_backbone.image_vit.transformer.resblocks.*.attention.wq vision_tower.layers.*.self_attn.q_proj
= vision_backbone.image_vit.transformer.resblocks.*.attention.wv vision_tower.layers.*.self_attn.v_proj
= vision_backbone.image_vit.transformer.resblocks.*.feed_forward.w1 vision_tower.layers.*.mlp.fc1
= vision_backbone.image_vit.transformer.resblocks.*.feed_forward.w2 vision_tower.layers.*.mlp.fc2
t lm_head Molmo2ForConditionalGeneration
@ molmo2_text | model | Molmo2TextModel
m layers.*.mlp gate_proj up_proj
m layers.*.self_attn k_proj q_proj v_proj
o - embed_tokens
o layers.*.mlp ff_proj
o layers.*.self_attn att_proj
q layers.*.mlp down_proj
q layers.*.self_attn o_proj
= layers.*.mlp.ff_out layers.*.mlp.down_proj
= layers.*.self_attn.attn_out layers.*.self_attn.o_proj
@ moonshine | model | MoonshineForConditionalGeneration MoonshineModel
d - proj_out
o decoder embed_tokens
q decoder.layers.*.encoder_attn k_proj o_proj q_proj v_proj
q decoder.layers.*.mlp fc1 fc2
q decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q encoder.layers.*.mlp fc1 fc2
q encoder.layers.*.self_attn k_proj o_proj q_proj v_proj
t proj_out MoonshineForConditionalGeneration
@ moshi | model | MoshiForCausalLM MoshiModel
d - lm_head
o - embed_tokens
q layers.*.mlp fc1 fc2
q layers.*.self_attn.k_proj linear
q layers.*.self_attn.o_proj linear
q layers.*.self_attn.q_proj linear
q layers.*.self_attn.v_proj linear
t lm_head MoshiForCausalLM
@ moss_transcribe_diarize | model | MossTranscribeDiarizeForConditionalGeneration MossTranscribeDiarizeModel
d - lm_head
o audio_tower embed_positions
o language_model embed_tokens
q audio_tower.layers.* fc1 fc2
q audio_tower.layers.*.self_attn k_proj out_proj q_proj v_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear_1 linear_2
t lm_head MossTranscribeDiarizeForConditionalGeneration
@ moss_transcribe_diarize_audio | model | MossTranscribeDiarizeAudioModel
& audioflamingo3_encoder
@ mpnet | mpnet | MPNetForMaskedLM MPNetForMultipleChoice MPNetForQuestionAnswering MPNetForSequenceClassification MPNetForTokenClassification MPNetModel
d lm_head decoder
h - classifier qa_outputs
h classifier out_proj
o embeddings position_embeddings word_embeddings
o encoder relative_attention_bias
q classifier dense
q encoder.layer.*.attention.attn k o q v
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q lm_head dense
q pooler dense
t lm_head.decoder MPNetForMaskedLM
@ mpt | transformer | MptForCausalLM MptForQuestionAnswering MptForSequenceClassification MptForTokenClassification MptModel
d - lm_head score
h - classifier qa_outputs
o - wte
q blocks.*.attn Wqkv out_proj
q blocks.*.ffn down_proj up_proj
t lm_head MptForCausalLM
t score MptForSequenceClassification
@ mra | mra | MraForMaskedLM MraForMultipleChoice MraForQuestionAnswering MraForSequenceClassification MraForTokenClassification MraModel
d cls.predictions decoder
h - classifier qa_outputs
h classifier out_proj
o embeddings position_embeddings token_type_embeddings word_embeddings
q - pre_classifier
q classifier dense
q cls.predictions.transform dense
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
t cls.predictions.decoder MraForMaskedLM
@ mt5 | transformer | MT5EncoderModel MT5ForConditionalGeneration MT5ForQuestionAnswering MT5ForSequenceClassification MT5ForTokenClassification MT5Model
d - lm_head
d decoder.block.*.layer.*.DenseReluDense wo
d encoder.block.*.layer.*.DenseReluDense wo
h - classifier qa_outputs
h classification_head out_proj
o - shared
o decoder embed_tokens
o decoder.block.*.layer.*.SelfAttention relative_attention_bias
o encoder embed_tokens
o encoder.block.*.layer.*.SelfAttention relative_attention_bias
q classification_head dense
q decoder.block.*.layer.*.DenseReluDense wi_0 wi_1
q decoder.block.*.layer.*.EncDecAttention k o q v
q decoder.block.*.layer.*.SelfAttention k o q v
q encoder.block.*.layer.*.DenseReluDense wi_0 wi_1
q encoder.block.*.layer.*.SelfAttention k o q v
t lm_head MT5ForConditionalGeneration
@ muse_glimmer | model | MuseGlimmerForConditionalGeneration MuseGlimmerModel
d - lm_head
h - vision_projection
o language_model embed_tokens
o vision_tower.patch_embedder position_embedding_table
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn gate_proj k_proj o_proj q_proj v_proj
q vision_adapter fc1 fc2
q vision_tower.layers.*.attn k_proj proj q_proj v_proj
q vision_tower.layers.*.mlp fc1 fc2
q vision_tower.patch_embedder patch_embedding
t lm_head MuseGlimmerForConditionalGeneration
t vision_projection MuseGlimmerModel
@ muse_glimmer_assistant | model | MuseGlimmerAssistantModel
q encoder fc
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
@ muse_glimmer_text | model | MuseGlimmerTextModel
o - embed_tokens
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn gate_proj k_proj o_proj q_proj v_proj
@ muse_glimmer_vision | model | MuseGlimmerVisionModel
o patch_embedder position_embedding_table
q layers.*.attn k_proj proj q_proj v_proj
q layers.*.mlp fc1 fc2
q patch_embedder patch_embedding
@ muse_spark | model | MuseSparkForConditionalGeneration MuseSparkModel
d - lm_head
o language_model embed_tokens
o language_model.layers.*.mlp gate
o vision_tower.patch_embedder position_embedding_table
q - vision_projection
q audio_tower proj
q audio_tower.layers.*.conv_blocks.*.mlp fc1 fc2
q audio_tower.layers.*.patch_embedder proj
q language_model.layers.*.mlp post_expert_proj pre_expert_proj
q language_model.layers.*.self_attn gate_proj k_proj o_proj q_proj v_proj
q vision_adapter fc1 fc2
q vision_tower.layers.*.attn k_proj proj q_proj v_proj
q vision_tower.layers.*.mlp fc1 fc2
q vision_tower.patch_embedder patch_embedding
t lm_head MuseSparkForConditionalGeneration
@ muse_spark_audio | model | MuseSparkAudioModel
q - proj
q layers.*.conv_blocks.*.mlp fc1 fc2
q layers.*.patch_embedder proj
@ muse_spark_text | model | MuseSparkTextModel
o - embed_tokens
o layers.*.mlp gate
q layers.*.mlp post_expert_proj pre_expert_proj
q layers.*.self_attn gate_proj k_proj o_proj q_proj v_proj
@ muse_spark_vision | model | MuseSparkVisionModel
& muse_glimmer_vision
@ musicflamingo | model | MusicFlamingoForConditionalGeneration MusicFlamingoModel
& audioflamingo3
t lm_head MusicFlamingoForConditionalGeneration
@ musicgen_decoder | model | MusicgenForCausalLM MusicgenModel
d lm_heads *
o decoder.embed_tokens *
q decoder.layers.* fc1 fc2
q decoder.layers.*.encoder_attn k_proj out_proj q_proj v_proj
q decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
@ musicgen_melody_decoder | model | MusicgenMelodyForCausalLM MusicgenMelodyModel
d lm_heads *
o decoder.embed_tokens *
q decoder.layers.* fc1 fc2
q decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
@ mvp | model | MvpForCausalLM MvpForConditionalGeneration MvpForQuestionAnswering MvpForSequenceClassification MvpModel
& bart
t lm_head MvpForCausalLM MvpForConditionalGeneration
@ nanochat | model | NanoChatForCausalLM NanoChatModel
d - lm_head
o - embed_tokens
q layers.*.mlp fc1
q layers.*.self_attn k_proj o_proj q_proj v_proj
x layers.*.mlp fc2
t lm_head NanoChatForCausalLM
@ nemo_speechlm | model | Nemotron3_5TranscribeForConditionalGeneration Nemotron3_5TranscribeModel
d - lm_head
m audio_tower.asr_encoder.layers.*.self_attn k_proj q_proj v_proj
m audio_tower.diarization_model.model.audio_tower.layers.*.self_attn k_proj q_proj v_proj
m word_timestamp_encoder.layers.*.self_attn k_proj q_proj v_proj
o audio_tower.asr_encoder.layers.*.attn w_qkv
o audio_tower.diarization_model.model.audio_tower.layers.*.attn w_qkv
o ctc_timestamp.decoder.transformer.layers.*.attn w_qkv
o language_model embeddings
o language_model.layers.*.mixer gate
o language_model.layers.*.mixer.experts.* down_proj up_proj
o llm.model embed_tokens
o llm.model.layers.*.mixer gate
o llm.model.layers.*.mixer.experts.* down_proj up_proj
o perception.encoder.asr_encoder.layers.*.attn w_qkv
o perception.encoder.diarization_model.encoder.layers.*.attn w_qkv
o word_timestamp_encoder.layers.*.attn w_qkv
q - multi_modal_projector
q audio_tower.asr_encoder.embedder projection
q audio_tower.asr_encoder.layers.*.mlp fc1 fc2
q audio_tower.asr_encoder.layers.*.self_attn o_proj
q audio_tower.diarization_model.classifier dense out_proj
q audio_tower.diarization_model.model proj
q audio_tower.diarization_model.model.audio_tower.embedder projection
q audio_tower.diarization_model.model.audio_tower.layers.*.mlp fc1 fc2
q audio_tower.diarization_model.model.audio_tower.layers.*.self_attn o_proj
q language_model.layers.*.mixer in_proj k_proj o_proj out_proj q_proj v_proj
q language_model.layers.*.mixer.shared_experts down_proj up_proj
q word_timestamp_encoder.layers.*.mlp fc1 fc2
q word_timestamp_encoder.layers.*.self_attn o_proj
= audio_tower.asr_encoder.layers.*.attn.out_proj audio_tower.asr_encoder.layers.*.self_attn.o_proj
= audio_tower.asr_encoder.layers.*.ffn.net.* audio_tower.asr_encoder.layers.*.mlp.fc2
= audio_tower.asr_encoder.pre_encode.proj audio_tower.asr_encoder.embedder.projection
= audio_tower.diarization_model.model.audio_tower.layers.*.attn.out_proj audio_tower.diarization_model.model.audio_tower.layers.*.self_attn.o_proj
= audio_tower.diarization_model.model.audio_tower.layers.*.ffn.net.* audio_tower.diarization_model.model.audio_tower.layers.*.mlp.fc2
= audio_tower.diarization_model.model.audio_tower.pre_encode.proj audio_tower.diarization_model.model.audio_tower.embedder.projection
= ctc_timestamp.decoder.transformer.layers.*.attn.out_proj word_timestamp_encoder.layers.*.self_attn.o_proj
= ctc_timestamp.decoder.transformer.layers.*.ffn.net.* word_timestamp_encoder.layers.*.mlp.fc2
= llm -
= llm.model language_model
= perception.encoder.asr_encoder.layers.*.attn.out_proj audio_tower.asr_encoder.layers.*.self_attn.o_proj
= perception.encoder.asr_encoder.layers.*.ffn.net.* audio_tower.asr_encoder.layers.*.mlp.fc2
= perception.encoder.asr_encoder.pre_encode.proj audio_tower.asr_encoder.embedder.projection
= perception.encoder.diarization_model.encoder.layers.*.attn.out_proj audio_tower.diarization_model.model.audio_tower.layers.*.self_attn.o_proj
= perception.encoder.diarization_model.encoder.layers.*.ffn.net.* audio_tower.diarization_model.model.audio_tower.layers.*.mlp.fc2
= perception.encoder.diarization_model.encoder.pre_encode.proj audio_tower.diarization_model.model.audio_tower.embedder.projection
= perception.encoder.diarization_model.sortformer_modules.encoder_proj audio_tower.diarization_model.model.proj
= perception.encoder.diarization_model.sortformer_modules.first_hidden_to_hidden audio_tower.diarization_model.classifier.dense
= perception.encoder.diarization_model.sortformer_modules.single_hidden_to_spks audio_tower.diarization_model.classifier.out_proj
= perception.proj multi_modal_projector
= word_timestamp_encoder.layers.*.attn.out_proj word_timestamp_encoder.layers.*.self_attn.o_proj
= word_timestamp_encoder.layers.*.ffn.net.* word_timestamp_encoder.layers.*.mlp.fc2
t lm_head Nemotron3_5TranscribeForConditionalGeneration
@ nemotron | model transformer | NemotronForCausalLM NemotronForQuestionAnswering NemotronForSequenceClassification NemotronForTokenClassification NemotronModel
& arcee
t lm_head NemotronForCausalLM
t score NemotronForSequenceClassification
@ nemotron3_5_asr | model | Nemotron3_5AsrForRNNT
o decoder embedding
q - encoder_projector
q decoder decoder_projector
q encoder.layers.*.feed_forward1 linear1 linear2
q encoder.layers.*.feed_forward2 linear1 linear2
q encoder.layers.*.self_attn k_proj o_proj q_proj relative_k_proj v_proj
q encoder.subsampling linear
q joint head
q prompt_projector linear_1 linear_2
@ nemotron3_5_transcribe_asr_audio | model | Nemotron3_5TranscribeAsrAudioModel
q embedder projection
q layers.*.mlp fc1 fc2
q layers.*.self_attn k_proj o_proj q_proj v_proj
@ nemotron3_5_transcribe_audio | model | Nemotron3_5TranscribeAudioModel
q asr_encoder.embedder projection
q asr_encoder.layers.*.mlp fc1 fc2
q asr_encoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q diarization_model.classifier dense out_proj
q diarization_model.model proj
q diarization_model.model.audio_tower.embedder projection
q diarization_model.model.audio_tower.layers.*.mlp fc1 fc2
q diarization_model.model.audio_tower.layers.*.self_attn k_proj o_proj q_proj v_proj
@ nemotron3_5_transcribe_word_timestamp | model | Nemotron3_5TranscribeWordTimestampModel
& fun_asr_nano_encoder
@ nemotron3_diarization | model | Nemotron3DiarizationForAudioFrameClassification Nemotron3DiarizationModel
q - proj
q audio_tower.embedder projection
q audio_tower.layers.*.mlp fc1 fc2
q audio_tower.layers.*.self_attn k_proj o_proj q_proj v_proj
q classifier dense out_proj
@ nemotron3_diarization_audio | model | Nemotron3DiarizationAudioModel
& nemotron3_5_transcribe_asr_audio
@ nemotron_asr_streaming | model | NemotronAsrStreamingForRNNT
o decoder embedding
q - encoder_projector
q decoder decoder_projector
q encoder.layers.*.feed_forward1 linear1 linear2
q encoder.layers.*.feed_forward2 linear1 linear2
q encoder.layers.*.self_attn k_proj o_proj q_proj relative_k_proj v_proj
q encoder.subsampling linear
q joint head
@ nemotron_asr_streaming_encoder | encoder | NemotronAsrStreamingEncoder
q layers.*.feed_forward1 linear1 linear2
q layers.*.feed_forward2 linear1 linear2
q layers.*.self_attn k_proj o_proj q_proj relative_k_proj v_proj
q subsampling linear
@ nemotron_h | model | NemotronHForCausalLM NemotronHModel
d - lm_head
o - embeddings
o backbone embeddings
o backbone.layers.*.mixer gate
o backbone.layers.*.mixer.experts.* down_proj up_proj
o layers.*.mixer gate
o layers.*.mixer.experts.* down_proj up_proj
q layers.*.mixer down_proj in_proj k_proj o_proj out_proj q_proj up_proj v_proj
q layers.*.mixer.shared_experts down_proj up_proj
= backbone -
t lm_head NemotronHForCausalLM
@ nemotron_h_omni |  | NemotronH_Omni_Reasoning_V3
d multi_modal_projector linear_2
m vision_model.encoder.layer.*.attention k_proj q_proj v_proj
o language_model.backbone embeddings
o language_model.backbone.layers.*.mixer gate
o language_model.backbone.layers.*.mixer.experts.* down_proj up_proj
o language_model.model embeddings
o language_model.model.layers.*.mixer gate
o vision_model.radio_model.model.blocks.*.attn qkv
q language_model lm_head
q language_model.model.layers.*.mixer down_proj in_proj k_proj o_proj out_proj q_proj up_proj v_proj
q language_model.model.layers.*.mixer.shared_experts down_proj up_proj
q multi_modal_projector linear_1
q vision_model.embeddings patch_projection video_patch_projection
q vision_model.encoder.layer.*.attention o_proj
q vision_model.encoder.layer.*.mlp fc1 fc2
= language_model.backbone language_model.model
= mlp1.* multi_modal_projector.linear_2
= vision_model.radio_model.model.blocks vision_model.encoder.layer
= vision_model.radio_model.model.blocks.*.attn.proj vision_model.encoder.layer.*.attention.o_proj
= vision_model.radio_model.model.patch_generator.embedder vision_model.embeddings.patch_projection
= vision_model.radio_model.model.patch_generator.video_embedder vision_model.embeddings.video_patch_projection
t multi_modal_projector.linear_2 NemotronH_Omni_Reasoning_V3
@ neomme | model | NeoMMEForMaskedLM NeoMMEModel
d - lm_head
h - unembedding_projection
h embed_tokens embedding_projection
o - value_embeddings
o embed_tokens word_embeddings
q layers.*.mlp down_proj up_proj
q layers.*.self_attn k_proj q_proj v_proj
q layers.*.self_attn.output_projection gate_proj o_proj
q patch_embeddings down_proj up_proj
t lm_head NeoMMEForMaskedLM
t model.embed_tokens.embedding_projection NeoMMEForMaskedLM
t unembedding_projection NeoMMEForMaskedLM
@ neucodec | neucodec | NeuCodecModel
o semantic_encoder.encoder.layers.*.self_attn distance_embedding
q - fc_encoder
q acoustic_decoder fc
q acoustic_decoder.head linear
q acoustic_decoder.layers.*.mlp fc1 fc2
q acoustic_decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q quantizer project_in project_out
q semantic_encoder.encoder.layers.*.ffn1 intermediate_dense output_dense
q semantic_encoder.encoder.layers.*.ffn2 intermediate_dense output_dense
q semantic_encoder.encoder.layers.*.self_attn linear_k linear_out linear_q linear_v
q semantic_encoder.feature_projection projection
@ nllb-moe | model | NllbMoeForConditionalGeneration NllbMoeModel
d - lm_head
o - shared
o decoder embed_tokens
o encoder embed_tokens
q decoder.layers.*.cross_attention k_proj out_proj q_proj v_proj
q decoder.layers.*.ffn fc1 fc2
q decoder.layers.*.ffn.experts.expert_0 fc1 fc2
q decoder.layers.*.ffn.experts.expert_1 fc1 fc2
q decoder.layers.*.ffn.experts.expert_10 fc1 fc2
q decoder.layers.*.ffn.experts.expert_100 fc1 fc2
q decoder.layers.*.ffn.experts.expert_101 fc1 fc2
q decoder.layers.*.ffn.experts.expert_102 fc1 fc2
q decoder.layers.*.ffn.experts.expert_103 fc1 fc2
q decoder.layers.*.ffn.experts.expert_104 fc1 fc2
q decoder.layers.*.ffn.experts.expert_105 fc1 fc2
q decoder.layers.*.ffn.experts.expert_106 fc1 fc2
q decoder.layers.*.ffn.experts.expert_107 fc1 fc2
q decoder.layers.*.ffn.experts.expert_108 fc1 fc2
q decoder.layers.*.ffn.experts.expert_109 fc1 fc2
q decoder.layers.*.ffn.experts.expert_11 fc1 fc2
q decoder.layers.*.ffn.experts.expert_110 fc1 fc2
q decoder.layers.*.ffn.experts.expert_111 fc1 fc2
q decoder.layers.*.ffn.experts.expert_112 fc1 fc2
q decoder.layers.*.ffn.experts.expert_113 fc1 fc2
q decoder.layers.*.ffn.experts.expert_114 fc1 fc2
q decoder.layers.*.ffn.experts.expert_115 fc1 fc2
q decoder.layers.*.ffn.experts.expert_116 fc1 fc2
q decoder.layers.*.ffn.experts.expert_117 fc1 fc2
q decoder.layers.*.ffn.experts.expert_118 fc1 fc2
q decoder.layers.*.ffn.experts.expert_119 fc1 fc2
q decoder.layers.*.ffn.experts.expert_12 fc1 fc2
q decoder.layers.*.ffn.experts.expert_120 fc1 fc2
q decoder.layers.*.ffn.experts.expert_121 fc1 fc2
q decoder.layers.*.ffn.experts.expert_122 fc1 fc2
q decoder.layers.*.ffn.experts.expert_123 fc1 fc2
q decoder.layers.*.ffn.experts.expert_124 fc1 fc2
q decoder.layers.*.ffn.experts.expert_125 fc1 fc2
q decoder.layers.*.ffn.experts.expert_126 fc1 fc2
q decoder.layers.*.ffn.experts.expert_127 fc1 fc2
q decoder.layers.*.ffn.experts.expert_13 fc1 fc2
q decoder.layers.*.ffn.experts.expert_14 fc1 fc2
q decoder.layers.*.ffn.experts.expert_15 fc1 fc2
q decoder.layers.*.ffn.experts.expert_16 fc1 fc2
q decoder.layers.*.ffn.experts.expert_17 fc1 fc2
q decoder.layers.*.ffn.experts.expert_18 fc1 fc2
q decoder.layers.*.ffn.experts.expert_19 fc1 fc2
q decoder.layers.*.ffn.experts.expert_2 fc1 fc2
q decoder.layers.*.ffn.experts.expert_20 fc1 fc2
q decoder.layers.*.ffn.experts.expert_21 fc1 fc2
q decoder.layers.*.ffn.experts.expert_22 fc1 fc2
q decoder.layers.*.ffn.experts.expert_23 fc1 fc2
q decoder.layers.*.ffn.experts.expert_24 fc1 fc2
q decoder.layers.*.ffn.experts.expert_25 fc1 fc2
q decoder.layers.*.ffn.experts.expert_26 fc1 fc2
q decoder.layers.*.ffn.experts.expert_27 fc1 fc2
q decoder.layers.*.ffn.experts.expert_28 fc1 fc2
q decoder.layers.*.ffn.experts.expert_29 fc1 fc2
q decoder.layers.*.ffn.experts.expert_3 fc1 fc2
q decoder.layers.*.ffn.experts.expert_30 fc1 fc2
q decoder.layers.*.ffn.experts.expert_31 fc1 fc2
q decoder.layers.*.ffn.experts.expert_32 fc1 fc2
q decoder.layers.*.ffn.experts.expert_33 fc1 fc2
q decoder.layers.*.ffn.experts.expert_34 fc1 fc2
q decoder.layers.*.ffn.experts.expert_35 fc1 fc2
q decoder.layers.*.ffn.experts.expert_36 fc1 fc2
q decoder.layers.*.ffn.experts.expert_37 fc1 fc2
q decoder.layers.*.ffn.experts.expert_38 fc1 fc2
q decoder.layers.*.ffn.experts.expert_39 fc1 fc2
q decoder.layers.*.ffn.experts.expert_4 fc1 fc2
q decoder.layers.*.ffn.experts.expert_40 fc1 fc2
q decoder.layers.*.ffn.experts.expert_41 fc1 fc2
q decoder.layers.*.ffn.experts.expert_42 fc1 fc2
q decoder.layers.*.ffn.experts.expert_43 fc1 fc2
q decoder.layers.*.ffn.experts.expert_44 fc1 fc2
q decoder.layers.*.ffn.experts.expert_45 fc1 fc2
q decoder.layers.*.ffn.experts.expert_46 fc1 fc2
q decoder.layers.*.ffn.experts.expert_47 fc1 fc2
q decoder.layers.*.ffn.experts.expert_48 fc1 fc2
q decoder.layers.*.ffn.experts.expert_49 fc1 fc2
q decoder.layers.*.ffn.experts.expert_5 fc1 fc2
q decoder.layers.*.ffn.experts.expert_50 fc1 fc2
q decoder.layers.*.ffn.experts.expert_51 fc1 fc2
q decoder.layers.*.ffn.experts.expert_52 fc1 fc2
q decoder.layers.*.ffn.experts.expert_53 fc1 fc2
q decoder.layers.*.ffn.experts.expert_54 fc1 fc2
q decoder.layers.*.ffn.experts.expert_55 fc1 fc2
q decoder.layers.*.ffn.experts.expert_56 fc1 fc2
q decoder.layers.*.ffn.experts.expert_57 fc1 fc2
q decoder.layers.*.ffn.experts.expert_58 fc1 fc2
q decoder.layers.*.ffn.experts.expert_59 fc1 fc2
q decoder.layers.*.ffn.experts.expert_6 fc1 fc2
q decoder.layers.*.ffn.experts.expert_60 fc1 fc2
q decoder.layers.*.ffn.experts.expert_61 fc1 fc2
q decoder.layers.*.ffn.experts.expert_62 fc1 fc2
q decoder.layers.*.ffn.experts.expert_63 fc1 fc2
q decoder.layers.*.ffn.experts.expert_64 fc1 fc2
q decoder.layers.*.ffn.experts.expert_65 fc1 fc2
q decoder.layers.*.ffn.experts.expert_66 fc1 fc2
q decoder.layers.*.ffn.experts.expert_67 fc1 fc2
q decoder.layers.*.ffn.experts.expert_68 fc1 fc2
q decoder.layers.*.ffn.experts.expert_69 fc1 fc2
q decoder.layers.*.ffn.experts.expert_7 fc1 fc2
q decoder.layers.*.ffn.experts.expert_70 fc1 fc2
q decoder.layers.*.ffn.experts.expert_71 fc1 fc2
q decoder.layers.*.ffn.experts.expert_72 fc1 fc2
q decoder.layers.*.ffn.experts.expert_73 fc1 fc2
q decoder.layers.*.ffn.experts.expert_74 fc1 fc2
q decoder.layers.*.ffn.experts.expert_75 fc1 fc2
q decoder.layers.*.ffn.experts.expert_76 fc1 fc2
q decoder.layers.*.ffn.experts.expert_77 fc1 fc2
q decoder.layers.*.ffn.experts.expert_78 fc1 fc2
q decoder.layers.*.ffn.experts.expert_79 fc1 fc2
q decoder.layers.*.ffn.experts.expert_8 fc1 fc2
q decoder.layers.*.ffn.experts.expert_80 fc1 fc2
q decoder.layers.*.ffn.experts.expert_81 fc1 fc2
q decoder.layers.*.ffn.experts.expert_82 fc1 fc2
q decoder.layers.*.ffn.experts.expert_83 fc1 fc2
q decoder.layers.*.ffn.experts.expert_84 fc1 fc2
q decoder.layers.*.ffn.experts.expert_85 fc1 fc2
q decoder.layers.*.ffn.experts.expert_86 fc1 fc2
q decoder.layers.*.ffn.experts.expert_87 fc1 fc2
q decoder.layers.*.ffn.experts.expert_88 fc1 fc2
q decoder.layers.*.ffn.experts.expert_89 fc1 fc2
q decoder.layers.*.ffn.experts.expert_9 fc1 fc2
q decoder.layers.*.ffn.experts.expert_90 fc1 fc2
q decoder.layers.*.ffn.experts.expert_91 fc1 fc2
q decoder.layers.*.ffn.experts.expert_92 fc1 fc2
q decoder.layers.*.ffn.experts.expert_93 fc1 fc2
q decoder.layers.*.ffn.experts.expert_94 fc1 fc2
q decoder.layers.*.ffn.experts.expert_95 fc1 fc2
q decoder.layers.*.ffn.experts.expert_96 fc1 fc2
q decoder.layers.*.ffn.experts.expert_97 fc1 fc2
q decoder.layers.*.ffn.experts.expert_98 fc1 fc2
q decoder.layers.*.ffn.experts.expert_99 fc1 fc2
q decoder.layers.*.ffn.router classifier
q decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q encoder.layers.*.ffn fc1 fc2
q encoder.layers.*.ffn.experts.expert_0 fc1 fc2
q encoder.layers.*.ffn.experts.expert_1 fc1 fc2
q encoder.layers.*.ffn.experts.expert_10 fc1 fc2
q encoder.layers.*.ffn.experts.expert_100 fc1 fc2
q encoder.layers.*.ffn.experts.expert_101 fc1 fc2
q encoder.layers.*.ffn.experts.expert_102 fc1 fc2
q encoder.layers.*.ffn.experts.expert_103 fc1 fc2
q encoder.layers.*.ffn.experts.expert_104 fc1 fc2
q encoder.layers.*.ffn.experts.expert_105 fc1 fc2
q encoder.layers.*.ffn.experts.expert_106 fc1 fc2
q encoder.layers.*.ffn.experts.expert_107 fc1 fc2
q encoder.layers.*.ffn.experts.expert_108 fc1 fc2
q encoder.layers.*.ffn.experts.expert_109 fc1 fc2
q encoder.layers.*.ffn.experts.expert_11 fc1 fc2
q encoder.layers.*.ffn.experts.expert_110 fc1 fc2
q encoder.layers.*.ffn.experts.expert_111 fc1 fc2
q encoder.layers.*.ffn.experts.expert_112 fc1 fc2
q encoder.layers.*.ffn.experts.expert_113 fc1 fc2
q encoder.layers.*.ffn.experts.expert_114 fc1 fc2
q encoder.layers.*.ffn.experts.expert_115 fc1 fc2
q encoder.layers.*.ffn.experts.expert_116 fc1 fc2
q encoder.layers.*.ffn.experts.expert_117 fc1 fc2
q encoder.layers.*.ffn.experts.expert_118 fc1 fc2
q encoder.layers.*.ffn.experts.expert_119 fc1 fc2
q encoder.layers.*.ffn.experts.expert_12 fc1 fc2
q encoder.layers.*.ffn.experts.expert_120 fc1 fc2
q encoder.layers.*.ffn.experts.expert_121 fc1 fc2
q encoder.layers.*.ffn.experts.expert_122 fc1 fc2
q encoder.layers.*.ffn.experts.expert_123 fc1 fc2
q encoder.layers.*.ffn.experts.expert_124 fc1 fc2
q encoder.layers.*.ffn.experts.expert_125 fc1 fc2
q encoder.layers.*.ffn.experts.expert_126 fc1 fc2
q encoder.layers.*.ffn.experts.expert_127 fc1 fc2
q encoder.layers.*.ffn.experts.expert_13 fc1 fc2
q encoder.layers.*.ffn.experts.expert_14 fc1 fc2
q encoder.layers.*.ffn.experts.expert_15 fc1 fc2
q encoder.layers.*.ffn.experts.expert_16 fc1 fc2
q encoder.layers.*.ffn.experts.expert_17 fc1 fc2
q encoder.layers.*.ffn.experts.expert_18 fc1 fc2
q encoder.layers.*.ffn.experts.expert_19 fc1 fc2
q encoder.layers.*.ffn.experts.expert_2 fc1 fc2
q encoder.layers.*.ffn.experts.expert_20 fc1 fc2
q encoder.layers.*.ffn.experts.expert_21 fc1 fc2
q encoder.layers.*.ffn.experts.expert_22 fc1 fc2
q encoder.layers.*.ffn.experts.expert_23 fc1 fc2
q encoder.layers.*.ffn.experts.expert_24 fc1 fc2
q encoder.layers.*.ffn.experts.expert_25 fc1 fc2
q encoder.layers.*.ffn.experts.expert_26 fc1 fc2
q encoder.layers.*.ffn.experts.expert_27 fc1 fc2
q encoder.layers.*.ffn.experts.expert_28 fc1 fc2
q encoder.layers.*.ffn.experts.expert_29 fc1 fc2
q encoder.layers.*.ffn.experts.expert_3 fc1 fc2
q encoder.layers.*.ffn.experts.expert_30 fc1 fc2
q encoder.layers.*.ffn.experts.expert_31 fc1 fc2
q encoder.layers.*.ffn.experts.expert_32 fc1 fc2
q encoder.layers.*.ffn.experts.expert_33 fc1 fc2
q encoder.layers.*.ffn.experts.expert_34 fc1 fc2
q encoder.layers.*.ffn.experts.expert_35 fc1 fc2
q encoder.layers.*.ffn.experts.expert_36 fc1 fc2
q encoder.layers.*.ffn.experts.expert_37 fc1 fc2
q encoder.layers.*.ffn.experts.expert_38 fc1 fc2
q encoder.layers.*.ffn.experts.expert_39 fc1 fc2
q encoder.layers.*.ffn.experts.expert_4 fc1 fc2
q encoder.layers.*.ffn.experts.expert_40 fc1 fc2
q encoder.layers.*.ffn.experts.expert_41 fc1 fc2
q encoder.layers.*.ffn.experts.expert_42 fc1 fc2
q encoder.layers.*.ffn.experts.expert_43 fc1 fc2
q encoder.layers.*.ffn.experts.expert_44 fc1 fc2
q encoder.layers.*.ffn.experts.expert_45 fc1 fc2
q encoder.layers.*.ffn.experts.expert_46 fc1 fc2
q encoder.layers.*.ffn.experts.expert_47 fc1 fc2
q encoder.layers.*.ffn.experts.expert_48 fc1 fc2
q encoder.layers.*.ffn.experts.expert_49 fc1 fc2
q encoder.layers.*.ffn.experts.expert_5 fc1 fc2
q encoder.layers.*.ffn.experts.expert_50 fc1 fc2
q encoder.layers.*.ffn.experts.expert_51 fc1 fc2
q encoder.layers.*.ffn.experts.expert_52 fc1 fc2
q encoder.layers.*.ffn.experts.expert_53 fc1 fc2
q encoder.layers.*.ffn.experts.expert_54 fc1 fc2
q encoder.layers.*.ffn.experts.expert_55 fc1 fc2
q encoder.layers.*.ffn.experts.expert_56 fc1 fc2
q encoder.layers.*.ffn.experts.expert_57 fc1 fc2
q encoder.layers.*.ffn.experts.expert_58 fc1 fc2
q encoder.layers.*.ffn.experts.expert_59 fc1 fc2
q encoder.layers.*.ffn.experts.expert_6 fc1 fc2
q encoder.layers.*.ffn.experts.expert_60 fc1 fc2
q encoder.layers.*.ffn.experts.expert_61 fc1 fc2
q encoder.layers.*.ffn.experts.expert_62 fc1 fc2
q encoder.layers.*.ffn.experts.expert_63 fc1 fc2
q encoder.layers.*.ffn.experts.expert_64 fc1 fc2
q encoder.layers.*.ffn.experts.expert_65 fc1 fc2
q encoder.layers.*.ffn.experts.expert_66 fc1 fc2
q encoder.layers.*.ffn.experts.expert_67 fc1 fc2
q encoder.layers.*.ffn.experts.expert_68 fc1 fc2
q encoder.layers.*.ffn.experts.expert_69 fc1 fc2
q encoder.layers.*.ffn.experts.expert_7 fc1 fc2
q encoder.layers.*.ffn.experts.expert_70 fc1 fc2
q encoder.layers.*.ffn.experts.expert_71 fc1 fc2
q encoder.layers.*.ffn.experts.expert_72 fc1 fc2
q encoder.layers.*.ffn.experts.expert_73 fc1 fc2
q encoder.layers.*.ffn.experts.expert_74 fc1 fc2
q encoder.layers.*.ffn.experts.expert_75 fc1 fc2
q encoder.layers.*.ffn.experts.expert_76 fc1 fc2
q encoder.layers.*.ffn.experts.expert_77 fc1 fc2
q encoder.layers.*.ffn.experts.expert_78 fc1 fc2
q encoder.layers.*.ffn.experts.expert_79 fc1 fc2
q encoder.layers.*.ffn.experts.expert_8 fc1 fc2
q encoder.layers.*.ffn.experts.expert_80 fc1 fc2
q encoder.layers.*.ffn.experts.expert_81 fc1 fc2
q encoder.layers.*.ffn.experts.expert_82 fc1 fc2
q encoder.layers.*.ffn.experts.expert_83 fc1 fc2
q encoder.layers.*.ffn.experts.expert_84 fc1 fc2
q encoder.layers.*.ffn.experts.expert_85 fc1 fc2
q encoder.layers.*.ffn.experts.expert_86 fc1 fc2
q encoder.layers.*.ffn.experts.expert_87 fc1 fc2
q encoder.layers.*.ffn.experts.expert_88 fc1 fc2
q encoder.layers.*.ffn.experts.expert_89 fc1 fc2
q encoder.layers.*.ffn.experts.expert_9 fc1 fc2
q encoder.layers.*.ffn.experts.expert_90 fc1 fc2
q encoder.layers.*.ffn.experts.expert_91 fc1 fc2
q encoder.layers.*.ffn.experts.expert_92 fc1 fc2
q encoder.layers.*.ffn.experts.expert_93 fc1 fc2
q encoder.layers.*.ffn.experts.expert_94 fc1 fc2
q encoder.layers.*.ffn.experts.expert_95 fc1 fc2
q encoder.layers.*.ffn.experts.expert_96 fc1 fc2
q encoder.layers.*.ffn.experts.expert_97 fc1 fc2
q encoder.layers.*.ffn.experts.expert_98 fc1 fc2
q encoder.layers.*.ffn.experts.expert_99 fc1 fc2
q encoder.layers.*.ffn.router classifier
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t lm_head NllbMoeForConditionalGeneration
@ nomic_bert | nomic_bert | NomicBertForMaskedLM NomicBertForSequenceClassification NomicBertForTokenClassification NomicBertModel
d cls.predictions decoder
h - classifier
m layers.*.self_attn k_proj q_proj v_proj
o embeddings token_type_embeddings word_embeddings
o encoder.layers.*.attn Wqkv
q cls.predictions.transform dense
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn o_proj
q pooler dense
= encoder.layers.*.attn.out_proj layers.*.self_attn.o_proj
= encoder.layers.*.mlp.fc11 layers.*.mlp.up_proj
= encoder.layers.*.mlp.fc12 layers.*.mlp.gate_proj
= encoder.layers.*.mlp.fc2 layers.*.mlp.down_proj
t cls.predictions.decoder NomicBertForMaskedLM
@ nystromformer | nystromformer | NystromformerForMaskedLM NystromformerForMultipleChoice NystromformerForQuestionAnswering NystromformerForSequenceClassification NystromformerForTokenClassification NystromformerModel
& mra
t cls.predictions.decoder NystromformerForMaskedLM
@ olmo | model | OlmoForCausalLM OlmoForSequenceClassification OlmoModel
d - lm_head score
o - embed_tokens
q layers.*.mlp gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
x layers.*.mlp down_proj
t lm_head OlmoForCausalLM
t score OlmoForSequenceClassification
@ olmo2 | model | Olmo2ForCausalLM Olmo2ForSequenceClassification Olmo2Model
& gemma3_text
t lm_head Olmo2ForCausalLM
t score Olmo2ForSequenceClassification
@ olmo3 | model | Olmo3ForCausalLM Olmo3ForSequenceClassification Olmo3Model
& gemma3_text
t lm_head Olmo3ForCausalLM
t score Olmo3ForSequenceClassification
@ olmo_hybrid | model | OlmoHybridForCausalLM OlmoHybridModel
d - lm_head
o - embed_tokens
q layers.*.linear_attn a_proj b_proj g_proj k_proj o_proj q_proj v_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head OlmoHybridForCausalLM
@ olmoe | model | OlmoeForCausalLM OlmoeModel
& cohere2_moe
t lm_head OlmoeForCausalLM
@ omniasr | model | OmniASRForConditionalGeneration OmniASRModel
d - lm_head
o language_model embed_tokens
q - multi_modal_projector
q audio_tower.layers.*.attention k_proj out_proj q_proj v_proj
q audio_tower.layers.*.feed_forward intermediate_dense output_dense
q audio_tower.subsampling projection
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head OmniASRForConditionalGeneration
@ omniasr_audio | model | OmniASRAudioModel
q layers.*.attention k_proj out_proj q_proj v_proj
q layers.*.feed_forward intermediate_dense output_dense
q subsampling projection
@ omniasr_ctc | model | OmniASRCTCModel OmniASRForCTC
q - ctc_head
q audio_tower.layers.*.attention k_proj out_proj q_proj v_proj
q audio_tower.layers.*.feed_forward intermediate_dense output_dense
q audio_tower.subsampling projection
@ oneformer | model | OneFormerModel
o transformer_module level_embed queries_embedder
o transformer_module.decoder.layers.*.cross_attn.multihead_attn out_proj
o transformer_module.decoder.query_transformer.decoder.layers.*.multihead_attn out_proj
o transformer_module.decoder.query_transformer.decoder.layers.*.self_attn out_proj
q pixel_level_module.decoder.encoder.layers.* fc1 fc2
q pixel_level_module.decoder.encoder.layers.*.self_attn attention_weights output_proj sampling_offsets value_proj
q pixel_level_module.encoder.swin.encoder.layers.*.blocks.*.attention k_proj o_proj q_proj v_proj
q pixel_level_module.encoder.swin.encoder.layers.*.blocks.*.mlp fc1 fc2
q pixel_level_module.encoder.swin.encoder.layers.*.downsample reduction
q task_encoder.task_mlp.layers.* *
q transformer_module.decoder class_embed
q transformer_module.decoder.layers.*.ffn linear1 linear2
q transformer_module.decoder.layers.*.self_attn.self_attn k_proj out_proj q_proj v_proj
q transformer_module.decoder.mask_embed.layers.* *
q transformer_module.decoder.query_transformer.decoder.layers.* linear1 linear2
= pixel_level_module.encoder pixel_level_module.encoder.swin
= pixel_level_module.encoder.encoder.layers.*.blocks.*.attention.output.dense pixel_level_module.encoder.swin.encoder.layers.*.blocks.*.attention.o_proj
= pixel_level_module.encoder.encoder.layers.*.blocks.*.attention.self.key pixel_level_module.encoder.swin.encoder.layers.*.blocks.*.attention.k_proj
= pixel_level_module.encoder.encoder.layers.*.blocks.*.attention.self.query pixel_level_module.encoder.swin.encoder.layers.*.blocks.*.attention.q_proj
= pixel_level_module.encoder.encoder.layers.*.blocks.*.attention.self.value pixel_level_module.encoder.swin.encoder.layers.*.blocks.*.attention.v_proj
= pixel_level_module.encoder.encoder.layers.*.blocks.*.intermediate.dense pixel_level_module.encoder.swin.encoder.layers.*.blocks.*.mlp.fc1
= pixel_level_module.encoder.encoder.layers.*.blocks.*.output.dense pixel_level_module.encoder.swin.encoder.layers.*.blocks.*.mlp.fc2
@ openai-gpt | transformer | OpenAIGPTDoubleHeadsModel OpenAIGPTForSequenceClassification OpenAIGPTLMHeadModel OpenAIGPTModel
d - lm_head score
h multiple_choice_head summary
o - positions_embed tokens_embed
qc h.*.attn c_attn c_proj
qc h.*.mlp c_fc c_proj
t lm_head OpenAIGPTDoubleHeadsModel OpenAIGPTLMHeadModel
t score OpenAIGPTForSequenceClassification
@ openai_privacy_filter | model | OpenAIPrivacyFilterForTokenClassification OpenAIPrivacyFilterModel
h - score
o - embed_tokens
o layers.*.mlp router
q layers.*.self_attn k_proj o_proj q_proj v_proj
@ opt | model | OPTForCausalLM OPTForQuestionAnswering OPTForSequenceClassification OPTModel
d - lm_head score
h - qa_outputs
o decoder embed_positions embed_tokens
q decoder.layers.* fc1 fc2
q decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t lm_head OPTForCausalLM
t score OPTForSequenceClassification
@ ovis2 | model | Ovis2ForConditionalGeneration Ovis2Model
d - lm_head
o - visual_embeddings_table
o language_model embed_tokens
o vision_tower.transformer.embeddings position_embedding
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_tower head_linear
q vision_tower.transformer.encoder.layers.*.attention k_proj out_proj q_proj v_proj
q vision_tower.transformer.encoder.layers.*.ffn down_proj gate_proj up_proj
t lm_head Ovis2ForConditionalGeneration
@ owlv2 | owlv2 | Owlv2ForObjectDetection Owlv2Model
h - text_projection
h class_head logit_scale logit_shift
h objectness_head dense2
o text_model.embeddings position_embedding token_embedding
o vision_model.embeddings position_embedding
q - visual_projection
q box_head dense0 dense1 dense2
q class_head dense0
q objectness_head dense0 dense1
q text_model.encoder.layers.*.mlp fc1 fc2
q text_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t text_projection Owlv2Model
@ owlvit | owlvit | OwlViTForObjectDetection OwlViTModel
h - text_projection
h class_head logit_scale logit_shift
o text_model.embeddings position_embedding token_embedding
o vision_model.embeddings position_embedding
q - visual_projection
q box_head dense0 dense1 dense2
q class_head dense0
q text_model.encoder.layers.*.mlp fc1 fc2
q text_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t text_projection OwlViTModel
@ paddleocr_vl | model | PaddleOCRVLForConditionalGeneration PaddleOCRVLModel
d - lm_head
o - embed_tokens
o language_model embed_tokens
o visual.vision_model.embeddings position_embedding
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q projector linear_1 linear_2
q visual.vision_model.encoder.layers.*.mlp fc1 fc2
q visual.vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
= - language_model
= mlp_AR projector
t lm_head PaddleOCRVLForConditionalGeneration
@ paligemma | model | PaliGemmaForConditionalGeneration PaliGemmaModel
d - lm_head
o language_model embed_tokens
o language_model.model embed_tokens
o vision_tower.embeddings position_embedding
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear
q vision_tower.encoder.layers.*.mlp fc1 fc2
q vision_tower.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
= language_model -
= language_model.model language_model
t lm_head PaliGemmaForConditionalGeneration
@ parakeet_ctc | model | ParakeetForCTC
q encoder.layers.*.feed_forward1 linear1 linear2
q encoder.layers.*.feed_forward2 linear1 linear2
q encoder.layers.*.self_attn k_proj o_proj q_proj relative_k_proj v_proj
q encoder.subsampling linear
@ parakeet_encoder | encoder | ParakeetEncoder
& nemotron_asr_streaming_encoder
@ parakeet_rnnt | model | ParakeetForRNNT
& nemotron_asr_streaming
@ parakeet_tdt | model | ParakeetForTDT
& nemotron_asr_streaming
@ patchtsmixer | model | PatchTSMixerForRegression PatchTSMixerForTimeSeriesClassification PatchTSMixerModel
h inject_scale map_scale_compression
q encoder patcher
q encoder.mlp_mixer_encoder.mixers.*.feature_mixer.gating_block attn_layer
q encoder.mlp_mixer_encoder.mixers.*.feature_mixer.mlp fc1 fc2
q encoder.mlp_mixer_encoder.mixers.*.patch_mixer.gating_block attn_layer
q encoder.mlp_mixer_encoder.mixers.*.patch_mixer.mlp fc1 fc2
q head projection
q inject_scale inverse_trans_compression inverse_trans_expansion map_scale_expansion
@ patchtst | model | PatchTSTForClassification PatchTSTForRegression PatchTSTModel
h head linear projection
q encoder.embedder input_embedding
q encoder.layers.*.ff *
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
@ pe_audio | audio_model | PeAudioModel
d audio_head proj
d text_audio_head proj
o text_model.embeddings tok_embeddings
q audio_encoder output
q audio_encoder.embedder data_proj
q audio_encoder.layers.*.mlp down_proj gate_proj up_proj
q audio_encoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q text_model.layers.*.attn Wo Wqkv
q text_model.layers.*.mlp Wi Wo
t audio_head.proj PeAudioModel
t text_audio_head.proj PeAudioModel
@ pe_audio_encoder | audio_model.audio_encoder | PeAudioEncoder
d - output
q embedder data_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t output PeAudioEncoder
@ pegasus | model | PegasusForCausalLM PegasusForConditionalGeneration PegasusModel
& blenderbot
t lm_head PegasusForCausalLM PegasusForConditionalGeneration
@ pegasus_x | model | PegasusXForConditionalGeneration PegasusXModel
d - lm_head
o - shared
o decoder embed_tokens
o encoder embed_global embed_tokens
q decoder.layers.* fc1 fc2
q decoder.layers.*.encoder_attn k_proj out_proj q_proj v_proj
q decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q encoder.layers.* fc1 fc2
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t lm_head PegasusXForConditionalGeneration
@ perceiver | perceiver | PerceiverForImageClassificationLearned PerceiverForMaskedLM PerceiverForSequenceClassification PerceiverModel
o input_preprocessor embeddings position_embeddings
q decoder.decoder final_layer
q decoder.decoder.decoding_cross_attention.attention.output dense
q decoder.decoder.decoding_cross_attention.attention.self key query value
q decoder.decoder.decoding_cross_attention.mlp dense1 dense2
q decoder.decoding_cross_attention.attention.output dense
q decoder.decoding_cross_attention.attention.self key query value
q decoder.decoding_cross_attention.mlp dense1 dense2
q encoder.cross_attention.attention.output dense
q encoder.cross_attention.attention.self key query value
q encoder.cross_attention.mlp dense1 dense2
q encoder.self_attends.*.attention.output dense
q encoder.self_attends.*.attention.self key query value
q encoder.self_attends.*.mlp dense1 dense2
q input_preprocessor positions_projection
@ persimmon | model | PersimmonForCausalLM PersimmonForSequenceClassification PersimmonForTokenClassification PersimmonModel
d - lm_head
h - score
o - embed_tokens
q layers.*.mlp dense_4h_to_h dense_h_to_4h
q layers.*.self_attn dense query_key_value
t lm_head PersimmonForCausalLM
t score PersimmonForSequenceClassification
@ phi | model | PhiForCausalLM PhiForSequenceClassification PhiForTokenClassification PhiModel
d - lm_head
h - score
o - embed_tokens
q layers.*.mlp fc1 fc2
q layers.*.self_attn dense k_proj q_proj v_proj
t lm_head PhiForCausalLM
t score PhiForSequenceClassification
@ phi3 | model | Phi3ForCausalLM Phi3ForSequenceClassification Phi3ForTokenClassification Phi3Model
d - lm_head
h - score
o - embed_tokens
q layers.*.mlp down_proj gate_up_proj
q layers.*.self_attn o_proj qkv_proj
t lm_head Phi3ForCausalLM
t score Phi3ForSequenceClassification
@ phi4_multimodal | model | Phi4MultimodalForCausalLM Phi4MultimodalModel
d - lm_head
o - embed_tokens
o embed_tokens_extend.audio_embed.encoder.relative_attention_bias_layer bias_values
o embed_tokens_extend.image_embed.img_processor.embeddings position_embedding
o embed_tokens_extend.image_embed.img_processor.head.attention out_proj
q embed_tokens_extend.audio_embed down_proj_for_speech down_proj_for_vision_speech up_proj_for_speech up_proj_for_vision_speech
q embed_tokens_extend.audio_embed.encoder.embed out
q embed_tokens_extend.audio_embed.encoder.encoders.*.feed_forward_in down_proj gate_up_proj
q embed_tokens_extend.audio_embed.encoder.encoders.*.feed_forward_out down_proj gate_up_proj
q embed_tokens_extend.audio_embed.encoder.encoders.*.self_attn k_proj o_proj q_proj v_proj
q embed_tokens_extend.image_embed img_projection_down img_projection_up
q embed_tokens_extend.image_embed.img_processor.encoder.layers.*.mlp fc1 fc2
q embed_tokens_extend.image_embed.img_processor.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q embed_tokens_extend.image_embed.img_processor.head.mlp fc1 fc2
q layers.*.mlp down_proj gate_up_proj
q layers.*.self_attn o_proj qkv_proj
t lm_head Phi4MultimodalForCausalLM
@ phimoe | model | PhimoeForCausalLM PhimoeForSequenceClassification PhimoeModel
d - lm_head score
o - embed_tokens
o layers.*.block_sparse_moe gate
o layers.*.block_sparse_moe.experts.* w1 w2 w3
o layers.*.mlp router
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head PhimoeForCausalLM
t score PhimoeForSequenceClassification
@ pi0 | model | PI0ForConditionalGeneration PI0Model
o dit embed_tokens
o paligemma_with_expert.gemma_expert lm_head
o paligemma_with_expert.paligemma.model.language_model.model embed_tokens
o paligemma_with_expert.paligemma.model.vision_tower.embeddings position_embedding
o vlm.language_model embed_tokens
o vlm.language_model.model embed_tokens
o vlm.vision_tower.embeddings position_embedding
q - action_out_proj
q dit.layers.*.mlp down_proj gate_proj up_proj
q dit.layers.*.self_attn k_proj o_proj q_proj v_proj
q embed_action_time action_in_proj action_time_mlp_in action_time_mlp_out state_proj
q vlm.language_model.layers.*.mlp down_proj gate_proj up_proj
q vlm.language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q vlm.multi_modal_projector linear
q vlm.vision_tower.encoder.layers.*.mlp fc1 fc2
q vlm.vision_tower.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
= - embed_action_time
= paligemma_with_expert.gemma_expert.model dit
= paligemma_with_expert.paligemma.model vlm
= paligemma_with_expert.paligemma.model.language_model.model vlm.language_model
= vlm.language_model.model vlm.language_model
@ pix2struct |  | Pix2StructForConditionalGeneration
d decoder lm_head
o decoder embed_tokens
o decoder.layer.*.self_attention.attention relative_attention_bias
o encoder.embeddings column_embedder row_embedder
q decoder.layer.*.encoder_decoder_attention.attention key output query value
q decoder.layer.*.mlp.DenseReluDense wi_0 wi_1 wo
q decoder.layer.*.self_attention.attention key output query value
q encoder.embeddings patch_projection
q encoder.encoder.layer.*.attention key output query value
q encoder.encoder.layer.*.mlp wi_0 wi_1 wo
t decoder.lm_head Pix2StructForConditionalGeneration
@ pixio | pixio | PixioBackbone PixioModel
q layers.*.attention k_proj o_proj q_proj v_proj
q layers.*.mlp fc1 fc2
= encoder.encoder.layer.*.attention.attention.key layers.*.attention.k_proj
= encoder.encoder.layer.*.attention.attention.query layers.*.attention.q_proj
= encoder.encoder.layer.*.attention.attention.value layers.*.attention.v_proj
= encoder.encoder.layer.*.attention.output.dense layers.*.attention.o_proj
= encoder.encoder.layer.*.intermediate.dense layers.*.mlp.fc1
= encoder.encoder.layer.*.output.dense layers.*.mlp.fc2
= encoder.layer.*.attention.attention.key layers.*.attention.k_proj
= encoder.layer.*.attention.attention.query layers.*.attention.q_proj
= encoder.layer.*.attention.attention.value layers.*.attention.v_proj
= encoder.layer.*.attention.output.dense layers.*.attention.o_proj
= encoder.layer.*.intermediate.dense layers.*.mlp.fc1
= encoder.layer.*.output.dense layers.*.mlp.fc2
@ pixtral | vision_encoder | PixtralVisionModel
q transformer.layers.*.attention k_proj o_proj q_proj v_proj
q transformer.layers.*.feed_forward down_proj gate_proj up_proj
@ plbart | model | PLBartForCausalLM PLBartForConditionalGeneration PLBartForSequenceClassification PLBartModel
d - lm_head
h classification_head out_proj
o - shared
o decoder embed_positions embed_tokens
o encoder embed_positions embed_tokens
q classification_head dense
q decoder.layers.* fc1 fc2
q decoder.layers.*.encoder_attn k_proj out_proj q_proj v_proj
q decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q encoder.layers.* fc1 fc2
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t lm_head PLBartForCausalLM PLBartForConditionalGeneration
@ pocket_tts | model | PocketTTSForConditionalGeneration PocketTTSModel
h - audio_latent_proj eos_head
h loss_weighting proj
o - embed_tokens
q - audio_prompt_proj
q flow_head cond_proj input_proj
q flow_head.final_layer adaln_proj proj
q flow_head.layers.* adaln_proj fc1 fc2
q flow_head.timestep_embeddings.* fc1 fc2
q layers.*.mlp fc1 fc2
q layers.*.self_attn k_proj o_proj q_proj v_proj
q loss_weighting.layers *
t audio_latent_proj PocketTTSModel
@ pocket_tts_audio_tokenizer | pocket_tts_audio_tokenizer | PocketTTSAudioTokenizerModel
q decoder.decoder_transformer.layers.*.mlp fc1 fc2
q decoder.decoder_transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
q encoder.encoder_transformer.layers.*.mlp fc1 fc2
q encoder.encoder_transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
@ pocket_tts_audio_tokenizer_decoder | decoder | PocketTTSAudioTokenizerDecoderModel
& mimi_decoder
@ pocket_tts_audio_tokenizer_encoder | encoder | PocketTTSAudioTokenizerEncoderModel
& mimi_encoder
@ poolformer | poolformer | PoolFormerForImageClassification PoolFormerModel
& efficientnet
@ pop2piano | transformer | Pop2PianoForConditionalGeneration
d - lm_head
d decoder.block.*.layer.*.DenseReluDense wo
d encoder.block.*.layer.*.DenseReluDense wo
o - shared
o decoder embed_tokens
o decoder.block.*.layer.*.SelfAttention relative_attention_bias
o encoder embed_tokens
o encoder.block.*.layer.*.SelfAttention relative_attention_bias
o mel_conditioner embedding
q decoder.block.*.layer.*.DenseReluDense wi_0 wi_1
q decoder.block.*.layer.*.EncDecAttention k o q v
q decoder.block.*.layer.*.SelfAttention k o q v
q encoder.block.*.layer.*.DenseReluDense wi_0 wi_1
q encoder.block.*.layer.*.SelfAttention k o q v
t lm_head Pop2PianoForConditionalGeneration
@ pp_doclayout_v2 | model | PPDocLayoutV2ForObjectDetection
o - denoising_class_embed
o reading_order label_embeddings
o reading_order.embeddings h_position_embeddings position_embeddings token_type_embeddings w_position_embeddings word_embeddings x_position_embeddings y_position_embeddings
q - enc_score_head
q decoder.bbox_embed.*.layers *
q decoder.class_embed *
q decoder.layers.*.encoder_attn attention_weights output_proj sampling_offsets value_proj
q decoder.layers.*.mlp fc1 fc2
q decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q decoder.query_pos_head.layers *
q enc_bbox_head.layers *
q enc_output *
q encoder.aifi.*.layers.*.mlp fc1 fc2
q encoder.aifi.*.layers.*.self_attn k_proj o_proj q_proj v_proj
q reading_order label_features_projection
q reading_order.embeddings spatial_proj
q reading_order.encoder rel_pos_x_bias rel_pos_y_bias
q reading_order.encoder.layer.*.attention.output dense
q reading_order.encoder.layer.*.attention.self key query value
q reading_order.encoder.layer.*.intermediate dense
q reading_order.encoder.layer.*.output dense
q reading_order.relative_head dense
= decoder.layers.* decoder.layers.*.mlp
= decoder.layers.*.self_attn.out_proj decoder.layers.*.self_attn.o_proj
= encoder.encoder encoder.aifi
= encoder.encoder.*.layers.* encoder.aifi.*.layers.*.mlp
= encoder.encoder.*.layers.*.self_attn.out_proj encoder.aifi.*.layers.*.self_attn.o_proj
@ pp_doclayout_v3 | model | PPDocLayoutV3ForObjectDetection PPDocLayoutV3Model
h - enc_score_head
h decoder class_embed
o - denoising_class_embed
q decoder.layers.*.encoder_attn attention_weights output_proj sampling_offsets value_proj
q decoder.layers.*.mlp fc1 fc2
q decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q decoder.query_pos_head.layers *
q decoder_global_pointer dense
q decoder_order_head *
q enc_output *
q encoder.aifi.*.layers.*.mlp fc1 fc2
q encoder.aifi.*.layers.*.self_attn k_proj o_proj q_proj v_proj
q mask_query_head.layers *
x decoder.bbox_embed.layers *
x enc_bbox_head.layers *
= decoder.layers.* decoder.layers.*.mlp
= decoder.layers.*.self_attn.out_proj decoder.layers.*.self_attn.o_proj
= encoder.encoder encoder.aifi
= encoder.encoder.*.layers.* encoder.aifi.*.layers.*.mlp
= encoder.encoder.*.layers.*.self_attn.out_proj encoder.aifi.*.layers.*.self_attn.o_proj
t decoder.class_embed PPDocLayoutV3Model
t enc_score_head PPDocLayoutV3Model
t model.decoder.class_embed PPDocLayoutV3ForObjectDetection
t model.enc_score_head PPDocLayoutV3ForObjectDetection
@ pp_doclayout_v4 | model | PPDocLayoutV4ForObjectDetection PPDocLayoutV4Model
o - denoising_class_embed
q - enc_score_head
q decoder.bbox_embed.*.layers *
q decoder.class_embed *
q decoder.layers.*.encoder_attn attention_weights output_proj sampling_offsets value_proj
q decoder.layers.*.mlp fc1 fc2
q decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q decoder.query_pos_head.layers *
q decoder.relative_order_head.global_pointer k_proj q_proj
q decoder.relative_order_head.proj *
q decoder.successor_order_head.global_pointer k_proj q_proj
q decoder.successor_order_head.proj *
q enc_bbox_head.layers *
q enc_output *
q encoder.aifi.*.layers.*.mlp fc1 fc2
q encoder.aifi.*.layers.*.self_attn k_proj o_proj q_proj v_proj
= decoder.layers.* decoder.layers.*.mlp
= decoder.layers.*.self_attn.out_proj decoder.layers.*.self_attn.o_proj
= decoder_global_pointer decoder.relative_order_head.global_pointer
= decoder_order_head decoder.relative_order_head.proj
= decoder_roor_global_pointer decoder.successor_order_head.global_pointer
= decoder_roor_order_head decoder.successor_order_head.proj
= encoder.encoder encoder.aifi
= encoder.encoder.*.layers.* encoder.aifi.*.layers.*.mlp
= encoder.encoder.*.layers.*.self_attn.out_proj encoder.aifi.*.layers.*.self_attn.o_proj
@ pp_formulanet | model | PPFormulaNetForConditionalGeneration
d - lm_head
o decoder embed_positions embed_tokens
q decoder.layers.* fc1 fc2
q decoder.layers.*.encoder_attn k_proj out_proj q_proj v_proj
q decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q encoder.layers.*.attn proj qkv
q encoder.layers.*.mlp lin1 lin2
q encoder.multi_modal_projector linear_1 linear_2
t lm_head PPFormulaNetForConditionalGeneration
@ pp_lcnet | model | PPLCNetBackbone PPLCNetForImageClassification
q - head
@ pp_lcnet_v3 | model | PPLCNetV3Backbone
@ pp_lcnet_v4 | model | PPLCNetV4Backbone
@ pp_ocrv5_mobile_det | model | PPOCRV5MobileDetForObjectDetection
@ pp_ocrv5_mobile_rec | model | PPOCRV5MobileRecForTextRecognition PPOCRV5MobileRecModel
q head head
q head.encoder.svtr_block.*.mlp fc1 fc2
q head.encoder.svtr_block.*.self_attn projection qkv
@ pp_ocrv5_server_rec | model | PPOCRV5ServerRecForTextRecognition PPOCRV5ServerRecModel
& pp_ocrv5_mobile_rec
@ pp_ocrv6_small_det | model | PPOCRV6SmallDetForObjectDetection PPOCRV6SmallDetModel
@ pp_ocrv6_small_rec | model | PPOCRV6SmallRecForTextRecognition PPOCRV6SmallRecModel
& pp_ocrv5_mobile_rec
@ pp_ocrv6_tiny_rec | model | PPOCRV6TinyRecForTextRecognition PPOCRV6TinyRecModel
q head fc1 fc2
@ prompt_depth_anything | prompt_depth_anything | PromptDepthAnythingForDepthEstimation
& depth_anything
@ prophetnet | prophetnet | ProphetNetForCausalLM ProphetNetForConditionalGeneration ProphetNetModel
d - lm_head
o - word_embeddings
o decoder ngram_embeddings position_embeddings word_embeddings
o encoder position_embeddings word_embeddings
q decoder.layers.*.cross_attn key_proj out_proj query_proj value_proj
q decoder.layers.*.feed_forward intermediate output
q decoder.layers.*.self_attn key_proj out_proj query_proj relative_pos_embeddings value_proj
q encoder.layers.*.feed_forward intermediate output
q encoder.layers.*.self_attn key_proj out_proj query_proj value_proj
t lm_head ProphetNetForCausalLM ProphetNetForConditionalGeneration
@ pvt | pvt | PvtForImageClassification PvtModel
h - classifier
q encoder.block.*.*.attention.output dense
q encoder.block.*.*.attention.self key query value
q encoder.block.*.*.mlp dense1 dense2
@ pvt_v2 | pvt_v2 | PvtV2Backbone PvtV2ForImageClassification PvtV2Model
h - classifier
q encoder.layers.*.blocks.*.attention key proj query value
q encoder.layers.*.blocks.*.mlp dense1 dense2
@ qianfan_ocr | model | QianfanOCRForConditionalGeneration QianfanOCRModel
d - lm_head
m vision_tower.layers.*.attention k_proj q_proj v_proj
o language_model embed_tokens
o language_model.model embed_tokens
o vision_model.encoder.layers.*.attn qkv
o vision_tower.encoder.layers.*.attn qkv
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear_1 linear_2
q vision_tower.layers.*.attention projection_layer
q vision_tower.layers.*.mlp fc1 fc2
= language_model -
= language_model.encoder language_model
= language_model.model.encoder language_model
= mlp1.* multi_modal_projector.linear_2
= vision_model.encoder vision_tower
= vision_model.encoder.layers.*.attn.proj vision_tower.layers.*.attention.projection_layer
= vision_tower.encoder vision_tower
= vision_tower.encoder.layers.*.attn.proj vision_tower.layers.*.attention.projection_layer
t lm_head QianfanOCRForConditionalGeneration
@ qianfan_ocr_vision | vision_model | QianfanOCRVisionModel
q layers.*.attention k_proj projection_layer q_proj v_proj
q layers.*.mlp fc1 fc2
@ qwen2 | model transformer | Qwen2ForCausalLM Qwen2ForQuestionAnswering Qwen2ForSequenceClassification Qwen2ForTokenClassification Qwen2Model
& diffllama
t lm_head Qwen2ForCausalLM
t score Qwen2ForSequenceClassification
@ qwen2_5_omni | model | Qwen2_5OmniForConditionalGeneration
o talker.model embed_tokens
o thinker.audio_tower audio_bos_eos_token
o thinker.model embed_tokens
o thinker.model.audio_tower audio_bos_eos_token
o thinker.model.language_model embed_tokens
o token2wav.code2wav_dit_model.text_embed codec_embed
q talker codec_head thinker_to_talker_proj
q talker.model.layers.*.mlp down_proj gate_proj up_proj
q talker.model.layers.*.self_attn k_proj o_proj q_proj v_proj
q thinker lm_head
q thinker.model.audio_tower proj
q thinker.model.audio_tower.layers.* fc1 fc2
q thinker.model.audio_tower.layers.*.self_attn k_proj out_proj q_proj v_proj
q thinker.model.language_model.layers.*.mlp down_proj gate_proj up_proj
q thinker.model.language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q thinker.model.visual.blocks.*.attn k proj q v
q thinker.model.visual.blocks.*.mlp down_proj gate_proj up_proj
q thinker.model.visual.merger.mlp *
q token2wav.code2wav_dit_model proj_out
q token2wav.code2wav_dit_model.input_embed proj
q token2wav.code2wav_dit_model.norm_out linear
q token2wav.code2wav_dit_model.time_embed.time_mlp *
q token2wav.code2wav_dit_model.transformer_blocks.*.attn to_k to_q to_v
q token2wav.code2wav_dit_model.transformer_blocks.*.attn.to_out *
q token2wav.code2wav_dit_model.transformer_blocks.*.attn_norm linear
q token2wav.code2wav_dit_model.transformer_blocks.*.ff.ff *
= thinker thinker.model
= thinker.model thinker.model.language_model
@ qwen2_5_omni_thinker | model | Qwen2_5OmniThinkerForConditionalGeneration Qwen2_5OmniThinkerModel
d - lm_head
o - embed_tokens
o audio_tower audio_bos_eos_token
o language_model embed_tokens
q audio_tower proj
q audio_tower.layers.* fc1 fc2
q audio_tower.layers.*.self_attn k_proj out_proj q_proj v_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q visual.blocks.*.attn k proj q v
q visual.blocks.*.mlp down_proj gate_proj up_proj
q visual.merger.mlp *
= - language_model
t lm_head Qwen2_5OmniThinkerForConditionalGeneration
@ qwen2_5_vl | model | Qwen2_5_VLForConditionalGeneration Qwen2_5_VLModel
d - lm_head
o - embed_tokens
o language_model embed_tokens
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q visual.blocks.*.attn proj qkv
q visual.blocks.*.mlp down_proj gate_proj up_proj
q visual.merger.mlp *
= - language_model
t lm_head Qwen2_5_VLForConditionalGeneration
@ qwen2_5_vl_text | model | Qwen2_5_VLTextModel
& granite_docling_text
@ qwen2_5_vl_vision | model | Qwen2_5_VisionTransformerPretrainedModel
& exaone4_5_vision
@ qwen2_audio | model | Qwen2AudioForConditionalGeneration Qwen2AudioModel
d - lm_head
o audio_tower embed_positions
o language_model embed_tokens
o language_model.model embed_tokens
q audio_tower.layers.* fc1 fc2
q audio_tower.layers.*.self_attn k_proj out_proj q_proj v_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear
= language_model -
= language_model.model language_model
t lm_head Qwen2AudioForConditionalGeneration
@ qwen2_audio_encoder | model | Qwen2AudioEncoder
& audioflamingo3_encoder
@ qwen2_moe | model | Qwen2MoeForCausalLM Qwen2MoeForQuestionAnswering Qwen2MoeForSequenceClassification Qwen2MoeForTokenClassification Qwen2MoeModel
d - lm_head
h - qa_outputs score
h layers.*.mlp shared_expert_gate
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.mlp.shared_expert down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head Qwen2MoeForCausalLM
t score Qwen2MoeForSequenceClassification
@ qwen2_vl | model | Qwen2VLForConditionalGeneration Qwen2VLModel
d - lm_head
o - embed_tokens
o language_model embed_tokens
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q visual.blocks.*.attn proj qkv
q visual.blocks.*.mlp fc1 fc2
q visual.merger.mlp *
= - language_model
t lm_head Qwen2VLForConditionalGeneration
@ qwen2_vl_text | model | Qwen2VLTextModel
& granite_docling_text
@ qwen3 | model transformer | Qwen3ForCausalLM Qwen3ForQuestionAnswering Qwen3ForSequenceClassification Qwen3ForTokenClassification Qwen3Model
& diffllama
t lm_head Qwen3ForCausalLM
t score Qwen3ForSequenceClassification
@ qwen3_5 | model | Qwen3_5ForConditionalGeneration Qwen3_5ForSequenceClassification Qwen3_5ForTokenClassification Qwen3_5Model
d - lm_head
h - score
o language_model embed_tokens
o visual pos_embed
q language_model.layers.*.linear_attn in_proj_a in_proj_b in_proj_qkv in_proj_z out_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q visual.blocks.*.attn proj qkv
q visual.blocks.*.mlp linear_fc1 linear_fc2
q visual.merger linear_fc1 linear_fc2
t lm_head Qwen3_5ForConditionalGeneration
t score Qwen3_5ForSequenceClassification
@ qwen3_5_moe | model | Qwen3_5MoeForConditionalGeneration Qwen3_5MoeModel
d - lm_head
h language_model.layers.*.mlp shared_expert_gate
o language_model embed_tokens
o language_model.layers.*.mlp gate
o language_model.layers.*.mlp.experts.* down_proj gate_proj up_proj
o visual pos_embed
q language_model.layers.*.linear_attn in_proj_a in_proj_b in_proj_qkv in_proj_z out_proj
q language_model.layers.*.mlp.shared_expert down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q visual.blocks.*.attn proj qkv
q visual.blocks.*.mlp linear_fc1 linear_fc2
q visual.merger linear_fc1 linear_fc2
t lm_head Qwen3_5MoeForConditionalGeneration
@ qwen3_5_moe_text | model | Qwen3_5MoeForCausalLM Qwen3_5MoeTextModel
d - lm_head
h layers.*.mlp shared_expert_gate
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.linear_attn in_proj_a in_proj_b in_proj_qkv in_proj_z out_proj
q layers.*.mlp.shared_expert down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head Qwen3_5MoeForCausalLM
@ qwen3_5_moe_vision | model | Qwen3_5MoeVisionModel
o - pos_embed
q blocks.*.attn proj qkv
q blocks.*.mlp linear_fc1 linear_fc2
q merger linear_fc1 linear_fc2
@ qwen3_5_text | model | Qwen3_5ForCausalLM Qwen3_5TextForSequenceClassification Qwen3_5TextModel
d - lm_head score
o - embed_tokens
q layers.*.linear_attn in_proj_a in_proj_b in_proj_qkv in_proj_z out_proj
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head Qwen3_5ForCausalLM
t score Qwen3_5TextForSequenceClassification
@ qwen3_5_vision | model | Qwen3_5VisionModel
& qwen3_5_moe_vision
@ qwen3_asr | model | Qwen3ASRForConditionalGeneration Qwen3ASRForTokenClassification Qwen3ASRModel
d - lm_head score
o language_model embed_tokens
q audio_tower conv_out
q audio_tower.layers.* fc1 fc2
q audio_tower.layers.*.self_attn k_proj out_proj q_proj v_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear_1 linear_2
t lm_head Qwen3ASRForConditionalGeneration
t score Qwen3ASRForTokenClassification
@ qwen3_asr_encoder | model | Qwen3ASREncoder
d - conv_out
q layers.* fc1 fc2
q layers.*.self_attn k_proj out_proj q_proj v_proj
t conv_out Qwen3ASREncoder
@ qwen3_moe | model transformer | Qwen3MoeForCausalLM Qwen3MoeForQuestionAnswering Qwen3MoeForSequenceClassification Qwen3MoeForTokenClassification Qwen3MoeModel
d - lm_head
h - qa_outputs score
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head Qwen3MoeForCausalLM
t score Qwen3MoeForSequenceClassification
@ qwen3_next | model transformer | Qwen3NextForCausalLM Qwen3NextForQuestionAnswering Qwen3NextForSequenceClassification Qwen3NextForTokenClassification Qwen3NextModel
d - lm_head
h - qa_outputs score
h layers.*.mlp shared_expert_gate
o - embed_tokens
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
q layers.*.linear_attn in_proj_ba in_proj_qkvz out_proj
q layers.*.mlp.shared_expert down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head Qwen3NextForCausalLM
t score Qwen3NextForSequenceClassification
@ qwen3_omni_moe_thinker | model | Qwen3OmniMoeThinkerForConditionalGeneration Qwen3OmniMoeThinkerModel
d - lm_head
o - embed_tokens
o language_model embed_tokens
o language_model.layers.*.mlp gate
o language_model.layers.*.mlp.experts.* down_proj gate_proj up_proj
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
o visual pos_embed
q audio_tower conv_out proj1 proj2
q audio_tower.layers.* fc1 fc2
q audio_tower.layers.*.self_attn k_proj out_proj q_proj v_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q visual.blocks.*.attn proj qkv
q visual.blocks.*.mlp linear_fc1 linear_fc2
q visual.merger.mlp *
q visual.merger_list.*.mlp *
= - language_model
t lm_head Qwen3OmniMoeThinkerForConditionalGeneration
@ qwen3_vl | model | Qwen3VLForConditionalGeneration Qwen3VLModel
d - lm_head
o language_model embed_tokens
o visual pos_embed
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q visual.blocks.*.attn proj qkv
q visual.blocks.*.mlp linear_fc1 linear_fc2
q visual.deepstack_merger_list.* linear_fc1 linear_fc2
q visual.merger linear_fc1 linear_fc2
t lm_head Qwen3VLForConditionalGeneration
@ qwen3_vl_moe | model | Qwen3VLMoeForConditionalGeneration Qwen3VLMoeModel
d - lm_head
o language_model embed_tokens
o language_model.layers.*.mlp gate
o visual pos_embed
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q visual.blocks.*.attn proj qkv
q visual.blocks.*.mlp linear_fc1 linear_fc2
q visual.deepstack_merger_list.* linear_fc1 linear_fc2
q visual.merger linear_fc1 linear_fc2
t lm_head Qwen3VLMoeForConditionalGeneration
@ qwen3_vl_moe_text | model | Qwen3VLMoeTextModel
o - embed_tokens
o layers.*.mlp gate
q layers.*.self_attn k_proj o_proj q_proj v_proj
@ qwen3_vl_moe_vision | model | Qwen3VLMoeVisionModel
& cohere_compass_vision
@ qwen3_vl_text | model | Qwen3VLTextModel
& granite_docling_text
@ qwen3_vl_vision | model | Qwen3VLVisionModel
& cohere_compass_vision
@ qwen4_exp_vision | model | Qwen4ExpVisionModel
& qwen3_5_moe_vision
@ radio | model | RadioModel
m encoder.layer.*.attention k_proj q_proj v_proj
o radio_model.model.blocks.*.attn qkv
q embeddings patch_projection
q encoder.layer.*.attention o_proj
q encoder.layer.*.mlp fc1 fc2
= radio_model.model.blocks encoder.layer
= radio_model.model.blocks.*.attn.proj encoder.layer.*.attention.o_proj
= radio_model.model.patch_generator.embedder embeddings.patch_projection
@ recurrent_gemma | model | RecurrentGemmaForCausalLM RecurrentGemmaModel
d - lm_head
o - embed_tokens
q layers.*.mlp_block down_proj gate_proj up_proj
q layers.*.temporal_block k_proj linear_out linear_x linear_y o_proj q_proj v_proj
t lm_head RecurrentGemmaForCausalLM
@ reformer | reformer | ReformerForMaskedLM ReformerForQuestionAnswering ReformerForSequenceClassification ReformerModel
d lm_head decoder
h - qa_outputs
h classifier out_proj
o embeddings word_embeddings
q classifier dense
q encoder.layers.*.attention.output dense
q encoder.layers.*.attention.self_attention key query query_key value
q encoder.layers.*.feed_forward.dense dense
q encoder.layers.*.feed_forward.output dense
t lm_head.decoder ReformerForMaskedLM
@ regnet | regnet | RegNetForImageClassification RegNetModel
& bit
@ rembert | rembert | RemBertForCausalLM RemBertForMaskedLM RemBertForMultipleChoice RemBertForQuestionAnswering RemBertForSequenceClassification RemBertForTokenClassification RemBertModel
d cls.predictions decoder
h - classifier qa_outputs
o embeddings position_embeddings token_type_embeddings word_embeddings
q cls.predictions dense
q encoder embedding_hidden_mapping_in
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q pooler dense
t cls.predictions.decoder RemBertForCausalLM RemBertForMaskedLM
@ resnet | resnet | ResNetBackbone ResNetForImageClassification ResNetModel
& bit
@ rf_detr | model | RfDetrForInstanceSegmentation RfDetrForObjectDetection RfDetrModel
h - class_embed
m decoder.layers.*.self_attn k_proj q_proj v_proj
o - query_feat reference_point_embed refpoint_embed
q - query_features_proj
q backbone.backbone.encoder.layer.*.attention k_proj o_proj q_proj v_proj
q backbone.backbone.encoder.layer.*.mlp fc1 fc2
q bbox_embed.layers *
q blocks.* pointwise_conv
q decoder.layers.*.cross_attn attention_weights output_proj sampling_offsets value_proj
q decoder.layers.*.mlp fc1 fc2
q decoder.layers.*.self_attn o_proj
q decoder.ref_point_head.layers *
q enc_out_bbox_embed.*.layers *
q enc_out_class_embed *
q enc_output *
q query_features_block.mlp fc1 fc2
= backbone.*.encoder.encoder backbone.backbone
= backbone.*.encoder.encoder.encoder.layer.*.attention.attention.key backbone.backbone.encoder.layer.*.attention.k_proj
= backbone.*.encoder.encoder.encoder.layer.*.attention.attention.query backbone.backbone.encoder.layer.*.attention.q_proj
= backbone.*.encoder.encoder.encoder.layer.*.attention.attention.value backbone.backbone.encoder.layer.*.attention.v_proj
= backbone.*.encoder.encoder.encoder.layer.*.attention.output.dense backbone.backbone.encoder.layer.*.attention.o_proj
= segmentation_head -
= segmentation_head.blocks.*.pwconv1 blocks.*.pointwise_conv
= segmentation_head.query_features_block.layers.* query_features_block.mlp.fc2
= transformer -
= transformer.decoder.layers.*.linear1 decoder.layers.*.mlp.fc1
= transformer.decoder.layers.*.linear2 decoder.layers.*.mlp.fc2
= transformer.decoder.layers.*.self_attn.out_proj decoder.layers.*.self_attn.o_proj
@ rf_detr_dinov2 | rf_detr_dinov2 | RfDetrDinov2Backbone
q encoder.layer.*.attention k_proj o_proj q_proj v_proj
q encoder.layer.*.mlp fc1 fc2
@ roberta | roberta | RobertaForCausalLM RobertaForMaskedLM RobertaForMultipleChoice RobertaForQuestionAnswering RobertaForSequenceClassification RobertaForTokenClassification RobertaModel
& camembert
t lm_head.decoder RobertaForCausalLM RobertaForMaskedLM
@ roberta-prelayernorm | roberta_prelayernorm | RobertaPreLayerNormForCausalLM RobertaPreLayerNormForMaskedLM RobertaPreLayerNormForMultipleChoice RobertaPreLayerNormForQuestionAnswering RobertaPreLayerNormForSequenceClassification RobertaPreLayerNormForTokenClassification RobertaPreLayerNormModel
& camembert
t lm_head.decoder RobertaPreLayerNormForCausalLM RobertaPreLayerNormForMaskedLM
@ roc_bert | roc_bert | RoCBertForCausalLM RoCBertForMaskedLM RoCBertForMultipleChoice RoCBertForPreTraining RoCBertForQuestionAnswering RoCBertForSequenceClassification RoCBertForTokenClassification RoCBertModel
d cls.predictions decoder
h - classifier qa_outputs
o embeddings position_embeddings pronunciation_embed shape_embed token_type_embeddings word_embeddings
q cls.predictions.transform dense
q embeddings map_inputs_layer
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q pooler dense
t cls.predictions.decoder RoCBertForCausalLM RoCBertForMaskedLM RoCBertForPreTraining
@ roformer | roformer | RoFormerForCausalLM RoFormerForMaskedLM RoFormerForMultipleChoice RoFormerForQuestionAnswering RoFormerForSequenceClassification RoFormerForTokenClassification RoFormerModel
d cls.predictions decoder
h - classifier qa_outputs
h classifier out_proj
o embeddings token_type_embeddings word_embeddings
o encoder embed_positions
q classifier dense
q cls.predictions.transform dense
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
t cls.predictions.decoder RoFormerForCausalLM RoFormerForMaskedLM
@ rt_detr | model | RTDetrForObjectDetection RTDetrModel
o - denoising_class_embed
q - enc_score_head
q decoder.bbox_embed.*.layers *
q decoder.class_embed *
q decoder.layers.*.encoder_attn attention_weights output_proj sampling_offsets value_proj
q decoder.layers.*.mlp fc1 fc2
q decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q decoder.query_pos_head.layers *
q enc_bbox_head.layers *
q enc_output *
q encoder.aifi.*.layers.*.mlp fc1 fc2
q encoder.aifi.*.layers.*.self_attn k_proj o_proj q_proj v_proj
= decoder.layers.* decoder.layers.*.mlp
= decoder.layers.*.self_attn.out_proj decoder.layers.*.self_attn.o_proj
= encoder.encoder encoder.aifi
= encoder.encoder.*.layers.* encoder.aifi.*.layers.*.mlp
= encoder.encoder.*.layers.*.self_attn.out_proj encoder.aifi.*.layers.*.self_attn.o_proj
@ rt_detr_resnet | resnet | RTDetrResNetBackbone
@ rt_detr_v2 | model | RTDetrV2ForObjectDetection RTDetrV2Model
o - denoising_class_embed
q - enc_score_head
q decoder.layers.*.encoder_attn attention_weights output_proj sampling_offsets value_proj
q decoder.layers.*.mlp fc1 fc2
q decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q decoder.query_pos_head.layers *
q enc_bbox_head.layers *
q enc_output *
q encoder.aifi.*.layers.*.mlp fc1 fc2
q encoder.aifi.*.layers.*.self_attn k_proj o_proj q_proj v_proj
x bbox_embed.*.layers *
x class_embed *
x decoder.bbox_embed.*.layers *
x decoder.class_embed *
= decoder.layers.* decoder.layers.*.mlp
= decoder.layers.*.self_attn.out_proj decoder.layers.*.self_attn.o_proj
= encoder.encoder encoder.aifi
= encoder.encoder.*.layers.* encoder.aifi.*.layers.*.mlp
= encoder.encoder.*.layers.*.self_attn.out_proj encoder.aifi.*.layers.*.self_attn.o_proj
@ rwkv | rwkv | RwkvForCausalLM RwkvModel
d - head
o - embeddings
q blocks.*.attention key output receptance value
q blocks.*.feed_forward key receptance value
t head RwkvForCausalLM
@ sam | sam | SamModel
o mask_decoder iou_token mask_tokens
o prompt_encoder no_mask_embed not_a_point_embed
o prompt_encoder.point_embed *
q mask_decoder.iou_prediction_head proj_in proj_out
q mask_decoder.iou_prediction_head.layers *
q mask_decoder.output_hypernetworks_mlps.* proj_in proj_out
q mask_decoder.output_hypernetworks_mlps.*.layers *
q mask_decoder.transformer.final_attn_token_to_image k_proj out_proj q_proj v_proj
q mask_decoder.transformer.layers.*.cross_attn_image_to_token k_proj out_proj q_proj v_proj
q mask_decoder.transformer.layers.*.cross_attn_token_to_image k_proj out_proj q_proj v_proj
q mask_decoder.transformer.layers.*.mlp lin1 lin2
q mask_decoder.transformer.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_encoder.layers.*.attn proj qkv
q vision_encoder.layers.*.mlp lin1 lin2
@ sam2 | sam2 | Sam2Model
h mask_decoder.pred_obj_score_head proj_out
o mask_decoder iou_token mask_tokens obj_score_token
o prompt_encoder no_mask_embed not_a_point_embed point_embed
q mask_decoder.iou_prediction_head proj_in proj_out
q mask_decoder.iou_prediction_head.layers *
q mask_decoder.output_hypernetworks_mlps.* proj_in proj_out
q mask_decoder.output_hypernetworks_mlps.*.layers *
q mask_decoder.pred_obj_score_head proj_in
q mask_decoder.pred_obj_score_head.layers *
q mask_decoder.transformer.final_attn_token_to_image k_proj o_proj q_proj v_proj
q mask_decoder.transformer.layers.*.cross_attn_image_to_token k_proj o_proj q_proj v_proj
q mask_decoder.transformer.layers.*.cross_attn_token_to_image k_proj o_proj q_proj v_proj
q mask_decoder.transformer.layers.*.mlp proj_in proj_out
q mask_decoder.transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_encoder.backbone.blocks.* proj
q vision_encoder.backbone.blocks.*.attn proj qkv
q vision_encoder.backbone.blocks.*.mlp proj_in proj_out
@ sam2_hiera_det_model | sam2 | Sam2HieraDetModel
q blocks.* proj
q blocks.*.attn proj qkv
q blocks.*.mlp proj_in proj_out
@ sam2_video | sam2_video | Sam2VideoModel
h mask_decoder.pred_obj_score_head proj_out
o mask_decoder iou_token mask_tokens obj_score_token
o prompt_encoder no_mask_embed not_a_point_embed point_embed
q - temporal_positional_encoding_projection_layer
q mask_decoder.iou_prediction_head proj_in proj_out
q mask_decoder.iou_prediction_head.layers *
q mask_decoder.output_hypernetworks_mlps.* proj_in proj_out
q mask_decoder.output_hypernetworks_mlps.*.layers *
q mask_decoder.pred_obj_score_head proj_in
q mask_decoder.pred_obj_score_head.layers *
q mask_decoder.transformer.final_attn_token_to_image k_proj o_proj q_proj v_proj
q mask_decoder.transformer.layers.*.cross_attn_image_to_token k_proj o_proj q_proj v_proj
q mask_decoder.transformer.layers.*.cross_attn_token_to_image k_proj o_proj q_proj v_proj
q mask_decoder.transformer.layers.*.mlp proj_in proj_out
q mask_decoder.transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
q memory_attention.layers.* linear1 linear2
q memory_attention.layers.*.cross_attn_image k_proj o_proj q_proj v_proj
q memory_attention.layers.*.self_attn k_proj o_proj q_proj v_proj
q memory_encoder.memory_fuser.layers.* pointwise_conv1 pointwise_conv2
q object_pointer_proj proj_in proj_out
q object_pointer_proj.layers *
q vision_encoder.backbone.blocks.* proj
q vision_encoder.backbone.blocks.*.attn proj qkv
q vision_encoder.backbone.blocks.*.mlp proj_in proj_out
@ sam2_vision_model | sam2 | Sam2VisionModel
q backbone.blocks.* proj
q backbone.blocks.*.attn proj qkv
q backbone.blocks.*.mlp proj_in proj_out
@ sam3 | detector_model | Sam3Model
h detr_decoder.presence_head layer3
o detr_decoder presence_token query_embed reference_points
o geometry_encoder cls_embed label_embed
o text_encoder.text_model.embeddings position_embedding token_embedding
q - text_projection
q detr_decoder.box_head layer1 layer2 layer3
q detr_decoder.box_rpb_embed_x layer1 layer2
q detr_decoder.box_rpb_embed_y layer1 layer2
q detr_decoder.layers.*.mlp fc1 fc2
q detr_decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q detr_decoder.layers.*.text_cross_attn k_proj o_proj q_proj v_proj
q detr_decoder.layers.*.vision_cross_attn k_proj o_proj q_proj v_proj
q detr_decoder.presence_head layer1 layer2
q detr_decoder.ref_point_head layer1 layer2
q detr_encoder.layers.*.cross_attn k_proj o_proj q_proj v_proj
q detr_encoder.layers.*.mlp fc1 fc2
q detr_encoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q dot_product_scoring query_proj text_proj
q dot_product_scoring.text_mlp layer1 layer2
q geometry_encoder boxes_direct_project boxes_pos_enc_project final_proj
q geometry_encoder.layers.*.cross_attn k_proj o_proj q_proj v_proj
q geometry_encoder.layers.*.mlp fc1 fc2
q geometry_encoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q mask_decoder.mask_embedder.layers *
q mask_decoder.prompt_cross_attn k_proj o_proj q_proj v_proj
q text_encoder text_projection
q text_encoder.text_model.encoder.layers.*.mlp fc1 fc2
q text_encoder.text_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_encoder.backbone.layers.*.attention k_proj o_proj q_proj v_proj
q vision_encoder.backbone.layers.*.mlp fc1 fc2
@ sam3_lite_text | detector_model | Sam3LiteTextModel
h detr_decoder.presence_head layer3
o detr_decoder presence_token query_embed reference_points
o geometry_encoder cls_embed label_embed
o text_encoder.embeddings token_embedding
q - text_projection
q detr_decoder.box_head layer1 layer2 layer3
q detr_decoder.box_rpb_embed_x layer1 layer2
q detr_decoder.box_rpb_embed_y layer1 layer2
q detr_decoder.layers.*.mlp fc1 fc2
q detr_decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q detr_decoder.layers.*.text_cross_attn k_proj o_proj q_proj v_proj
q detr_decoder.layers.*.vision_cross_attn k_proj o_proj q_proj v_proj
q detr_decoder.presence_head layer1 layer2
q detr_decoder.ref_point_head layer1 layer2
q detr_encoder.layers.*.cross_attn k_proj o_proj q_proj v_proj
q detr_encoder.layers.*.mlp fc1 fc2
q detr_encoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q dot_product_scoring query_proj text_proj
q dot_product_scoring.text_mlp layer1 layer2
q geometry_encoder boxes_direct_project boxes_pos_enc_project final_proj
q geometry_encoder.layers.*.cross_attn k_proj o_proj q_proj v_proj
q geometry_encoder.layers.*.mlp fc1 fc2
q geometry_encoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q mask_decoder.mask_embedder.layers *
q mask_decoder.prompt_cross_attn k_proj o_proj q_proj v_proj
q text_encoder projection
q text_encoder.layers.*.mlp fc1 fc2
q text_encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_encoder.backbone.layers.*.attention k_proj o_proj q_proj v_proj
q vision_encoder.backbone.layers.*.mlp fc1 fc2
@ sam3_lite_text_text_model | model | Sam3LiteTextTextModel
d - projection
o embeddings token_embedding
q layers.*.mlp fc1 fc2
q layers.*.self_attn k_proj out_proj q_proj v_proj
t projection Sam3LiteTextTextModel
@ sam3_tracker | sam3_tracker | Sam3TrackerModel
h mask_decoder.pred_obj_score_head proj_out
o mask_decoder iou_token mask_tokens obj_score_token
o prompt_encoder no_mask_embed not_a_point_embed point_embed
o tracker_model.mask_decoder iou_token mask_tokens obj_score_token
o tracker_model.prompt_encoder no_mask_embed not_a_point_embed point_embed
q mask_decoder.iou_prediction_head proj_in proj_out
q mask_decoder.iou_prediction_head.layers *
q mask_decoder.output_hypernetworks_mlps.* proj_in proj_out
q mask_decoder.output_hypernetworks_mlps.*.layers *
q mask_decoder.pred_obj_score_head proj_in
q mask_decoder.pred_obj_score_head.layers *
q mask_decoder.transformer.final_attn_token_to_image k_proj o_proj q_proj v_proj
q mask_decoder.transformer.layers.*.cross_attn_image_to_token k_proj o_proj q_proj v_proj
q mask_decoder.transformer.layers.*.cross_attn_token_to_image k_proj o_proj q_proj v_proj
q mask_decoder.transformer.layers.*.mlp proj_in proj_out
q mask_decoder.transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_encoder.backbone.layers.*.attention k_proj o_proj q_proj v_proj
q vision_encoder.backbone.layers.*.mlp fc1 fc2
= tracker_model -
= tracker_model.detector_model -
@ sam3_tracker_video | tracker_model | Sam3TrackerVideoModel
h mask_decoder.pred_obj_score_head proj_out
o mask_decoder iou_token mask_tokens obj_score_token
o prompt_encoder no_mask_embed not_a_point_embed point_embed
q - temporal_positional_encoding_projection_layer
q mask_decoder.iou_prediction_head proj_in proj_out
q mask_decoder.iou_prediction_head.layers *
q mask_decoder.output_hypernetworks_mlps.* proj_in proj_out
q mask_decoder.output_hypernetworks_mlps.*.layers *
q mask_decoder.pred_obj_score_head proj_in
q mask_decoder.pred_obj_score_head.layers *
q mask_decoder.transformer.final_attn_token_to_image k_proj o_proj q_proj v_proj
q mask_decoder.transformer.layers.*.cross_attn_image_to_token k_proj o_proj q_proj v_proj
q mask_decoder.transformer.layers.*.cross_attn_token_to_image k_proj o_proj q_proj v_proj
q mask_decoder.transformer.layers.*.mlp proj_in proj_out
q mask_decoder.transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
q memory_attention.layers.* linear1 linear2
q memory_attention.layers.*.cross_attn_image k_proj o_proj q_proj v_proj
q memory_attention.layers.*.self_attn k_proj o_proj q_proj v_proj
q memory_encoder.memory_fuser.layers.* pointwise_conv1 pointwise_conv2
q object_pointer_proj proj_in proj_out
q object_pointer_proj.layers *
q vision_encoder.backbone.layers.*.attention k_proj o_proj q_proj v_proj
q vision_encoder.backbone.layers.*.mlp fc1 fc2
= detector_model -
@ sam3_video | sam3_video | Sam3VideoModel
h detector_model.detr_decoder.presence_head layer3
h tracker_model.mask_decoder.pred_obj_score_head proj_out
o detector_model.detr_decoder presence_token query_embed reference_points
o detector_model.geometry_encoder cls_embed label_embed
o detector_model.text_encoder.text_model.embeddings position_embedding token_embedding
o tracker_model.mask_decoder iou_token mask_tokens obj_score_token
o tracker_model.prompt_encoder no_mask_embed not_a_point_embed point_embed
o tracker_model.tracker_model.mask_decoder iou_token mask_tokens obj_score_token
o tracker_model.tracker_model.prompt_encoder no_mask_embed not_a_point_embed point_embed
q detector_model text_projection
q detector_model.detr_decoder.box_head layer1 layer2 layer3
q detector_model.detr_decoder.box_rpb_embed_x layer1 layer2
q detector_model.detr_decoder.box_rpb_embed_y layer1 layer2
q detector_model.detr_decoder.layers.*.mlp fc1 fc2
q detector_model.detr_decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q detector_model.detr_decoder.layers.*.text_cross_attn k_proj o_proj q_proj v_proj
q detector_model.detr_decoder.layers.*.vision_cross_attn k_proj o_proj q_proj v_proj
q detector_model.detr_decoder.presence_head layer1 layer2
q detector_model.detr_decoder.ref_point_head layer1 layer2
q detector_model.detr_encoder.layers.*.cross_attn k_proj o_proj q_proj v_proj
q detector_model.detr_encoder.layers.*.mlp fc1 fc2
q detector_model.detr_encoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q detector_model.dot_product_scoring query_proj text_proj
q detector_model.dot_product_scoring.text_mlp layer1 layer2
q detector_model.geometry_encoder boxes_direct_project boxes_pos_enc_project final_proj
q detector_model.geometry_encoder.layers.*.cross_attn k_proj o_proj q_proj v_proj
q detector_model.geometry_encoder.layers.*.mlp fc1 fc2
q detector_model.geometry_encoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q detector_model.mask_decoder.mask_embedder.layers *
q detector_model.mask_decoder.prompt_cross_attn k_proj o_proj q_proj v_proj
q detector_model.text_encoder text_projection
q detector_model.text_encoder.text_model.encoder.layers.*.mlp fc1 fc2
q detector_model.text_encoder.text_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q detector_model.vision_encoder.backbone.layers.*.attention k_proj o_proj q_proj v_proj
q detector_model.vision_encoder.backbone.layers.*.mlp fc1 fc2
q tracker_model temporal_positional_encoding_projection_layer
q tracker_model.mask_decoder.iou_prediction_head proj_in proj_out
q tracker_model.mask_decoder.iou_prediction_head.layers *
q tracker_model.mask_decoder.output_hypernetworks_mlps.* proj_in proj_out
q tracker_model.mask_decoder.output_hypernetworks_mlps.*.layers *
q tracker_model.mask_decoder.pred_obj_score_head proj_in
q tracker_model.mask_decoder.pred_obj_score_head.layers *
q tracker_model.mask_decoder.transformer.final_attn_token_to_image k_proj o_proj q_proj v_proj
q tracker_model.mask_decoder.transformer.layers.*.cross_attn_image_to_token k_proj o_proj q_proj v_proj
q tracker_model.mask_decoder.transformer.layers.*.cross_attn_token_to_image k_proj o_proj q_proj v_proj
q tracker_model.mask_decoder.transformer.layers.*.mlp proj_in proj_out
q tracker_model.mask_decoder.transformer.layers.*.self_attn k_proj o_proj q_proj v_proj
q tracker_model.memory_attention.layers.* linear1 linear2
q tracker_model.memory_attention.layers.*.cross_attn_image k_proj o_proj q_proj v_proj
q tracker_model.memory_attention.layers.*.self_attn k_proj o_proj q_proj v_proj
q tracker_model.memory_encoder.memory_fuser.layers.* pointwise_conv1 pointwise_conv2
q tracker_model.object_pointer_proj proj_in proj_out
q tracker_model.object_pointer_proj.layers *
= tracker_model -
@ sam3_vision_model | sam3 | Sam3VisionModel
q backbone.layers.*.attention k_proj o_proj q_proj v_proj
q backbone.layers.*.mlp fc1 fc2
@ sam3_vit_model | sam3 | Sam3ViTModel
q layers.*.attention k_proj o_proj q_proj v_proj
q layers.*.mlp fc1 fc2
@ sam_hq | sam_hq | SamHQModel
o mask_decoder hq_token iou_token mask_tokens
o prompt_encoder no_mask_embed not_a_point_embed
o prompt_encoder.point_embed *
q mask_decoder.hq_mask_mlp proj_in proj_out
q mask_decoder.hq_mask_mlp.layers *
q mask_decoder.iou_prediction_head proj_in proj_out
q mask_decoder.iou_prediction_head.layers *
q mask_decoder.output_hypernetworks_mlps.* proj_in proj_out
q mask_decoder.output_hypernetworks_mlps.*.layers *
q mask_decoder.transformer.final_attn_token_to_image k_proj out_proj q_proj v_proj
q mask_decoder.transformer.layers.*.cross_attn_image_to_token k_proj out_proj q_proj v_proj
q mask_decoder.transformer.layers.*.cross_attn_token_to_image k_proj out_proj q_proj v_proj
q mask_decoder.transformer.layers.*.mlp lin1 lin2
q mask_decoder.transformer.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_encoder.layers.*.attn proj qkv
q vision_encoder.layers.*.mlp lin1 lin2
@ sam_hq_vision_model | sam_hq | SamHQVisionModel
q vision_encoder.layers.*.attn proj qkv
q vision_encoder.layers.*.mlp lin1 lin2
@ sam_vision_model | sam | SamVisionModel
& sam_hq_vision_model
@ sapiens2 | model | Sapiens2Backbone Sapiens2Model
m layer.*.mlp gate_proj up_proj
o blocks.*.ffn w12
q layer.*.attention k_proj o_proj q_proj v_proj
q layer.*.mlp down_proj
= blocks.*.attn.proj layer.*.attention.o_proj
= blocks.*.attn.wk layer.*.attention.k_proj
= blocks.*.attn.wq layer.*.attention.q_proj
= blocks.*.attn.wv layer.*.attention.v_proj
= blocks.*.ffn.w3 layer.*.mlp.down_proj
@ seamless_m4t | seamless_m4t | SeamlessM4TForSpeechToText SeamlessM4TForTextToSpeech SeamlessM4TForTextToText SeamlessM4TModel
d - lm_head
d t2u_model lm_head
h vocoder.dur_predictor proj
o - shared
o t2u_model.model.decoder embed_tokens
o text_decoder embed_tokens
o text_encoder embed_tokens
o vocoder language_embedding speaker_embedding unit_embedding
q speech_encoder.adapter.layers.*.ffn intermediate_dense output_dense
q speech_encoder.adapter.layers.*.self_attn linear_k linear_out linear_q linear_v
q speech_encoder.encoder.layers.*.ffn1 intermediate_dense output_dense
q speech_encoder.encoder.layers.*.ffn2 intermediate_dense output_dense
q speech_encoder.encoder.layers.*.self_attn linear_k linear_out linear_pos linear_q linear_v
q speech_encoder.feature_projection projection
q speech_encoder.intermediate_ffn intermediate_dense output_dense
q t2u_model.model.decoder.layers.*.cross_attention k_proj out_proj q_proj v_proj
q t2u_model.model.decoder.layers.*.ffn fc1 fc2
q t2u_model.model.decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q t2u_model.model.encoder.layers.*.ffn fc1 fc2
q t2u_model.model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q text_decoder.layers.*.cross_attention k_proj out_proj q_proj v_proj
q text_decoder.layers.*.ffn fc1 fc2
q text_decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q text_encoder.layers.*.ffn fc1 fc2
q text_encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t lm_head SeamlessM4TForSpeechToText SeamlessM4TForTextToSpeech SeamlessM4TForTextToText SeamlessM4TModel
t t2u_model.lm_head SeamlessM4TForTextToSpeech SeamlessM4TModel
@ seamless_m4t_v2 | seamless_m4t_v2 | SeamlessM4Tv2ForSpeechToText SeamlessM4Tv2ForTextToSpeech SeamlessM4Tv2ForTextToText SeamlessM4Tv2Model
d - lm_head
d t2u_model lm_head
h t2u_model.model.decoder.duration_predictor proj
h vocoder.dur_predictor proj
o - shared
o speech_encoder.encoder.layers.*.self_attn distance_embedding
o t2u_model.model.decoder embed_char embed_tokens
o text_decoder embed_tokens
o text_encoder embed_tokens
o vocoder language_embedding speaker_embedding unit_embedding
q speech_encoder.adapter.layers.*.ffn intermediate_dense output_dense
q speech_encoder.adapter.layers.*.self_attn linear_k linear_out linear_q linear_v
q speech_encoder.encoder.layers.*.ffn1 intermediate_dense output_dense
q speech_encoder.encoder.layers.*.ffn2 intermediate_dense output_dense
q speech_encoder.encoder.layers.*.self_attn linear_k linear_out linear_q linear_v
q speech_encoder.feature_projection projection
q speech_encoder.intermediate_ffn intermediate_dense output_dense
q t2u_model.model.decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q t2u_model.model.encoder.layers.*.ffn fc1 fc2
q t2u_model.model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q text_decoder.layers.*.cross_attention k_proj out_proj q_proj v_proj
q text_decoder.layers.*.ffn fc1 fc2
q text_decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q text_encoder.layers.*.ffn fc1 fc2
q text_encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t lm_head SeamlessM4Tv2ForSpeechToText SeamlessM4Tv2ForTextToSpeech SeamlessM4Tv2ForTextToText SeamlessM4Tv2Model
t t2u_model.lm_head SeamlessM4Tv2ForTextToSpeech SeamlessM4Tv2Model
@ seed_oss | model transformer | SeedOssForCausalLM SeedOssForQuestionAnswering SeedOssForSequenceClassification SeedOssForTokenClassification SeedOssModel
& diffllama
t lm_head SeedOssForCausalLM
t score SeedOssForSequenceClassification
@ segformer | segformer | SegformerForImageClassification SegformerForSemanticSegmentation SegformerModel
h - classifier
q decode_head.linear_projections.* proj
q stages.*.blocks.*.attention k_proj o_proj q_proj v_proj
q stages.*.blocks.*.mlp fc1 fc2
= decode_head.linear_c decode_head.linear_projections
= encoder.block.*.*.attention.output.dense stages.*.blocks.*.attention.o_proj
= encoder.block.*.*.attention.self.key stages.*.blocks.*.attention.k_proj
= encoder.block.*.*.attention.self.query stages.*.blocks.*.attention.q_proj
= encoder.block.*.*.attention.self.value stages.*.blocks.*.attention.v_proj
= encoder.block.*.*.mlp.dense1 stages.*.blocks.*.mlp.fc1
= encoder.block.*.*.mlp.dense2 stages.*.blocks.*.mlp.fc2
@ seggpt | model | SegGptModel
q encoder.layers.*.attention proj qkv
q encoder.layers.*.mlp lin1 lin2
@ sew | sew | SEWForCTC SEWForSequenceClassification SEWModel
h - classifier
q - feature_projection lm_head projector
q encoder.layers.*.attention k_proj out_proj q_proj v_proj
q encoder.layers.*.feed_forward intermediate_dense output_dense
q encoder.upsample projection
@ sew-d | sew_d | SEWDForCTC SEWDForSequenceClassification SEWDModel
h - classifier
o encoder.encoder rel_embeddings
q - feature_projection lm_head projector
q encoder.encoder.layer.*.attention.output dense
q encoder.encoder.layer.*.attention.self key_proj query_proj value_proj
q encoder.encoder.layer.*.intermediate dense
q encoder.encoder.layer.*.output dense
q encoder.upsample projection
@ shieldgemma2 | model | ShieldGemma2ForImageClassification
d - lm_head
o language_model embed_tokens
o language_model.model embed_tokens
o vision_tower.embeddings position_embedding
o vision_tower.head.attention out_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_tower.encoder.layers.*.mlp fc1 fc2
q vision_tower.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_tower.head.mlp fc1 fc2
= language_model.model language_model
t model.lm_head ShieldGemma2ForImageClassification
@ siglip | siglip | SiglipForImageClassification SiglipModel
o text_model.embeddings position_embedding token_embedding
o vision_model.embeddings position_embedding
o vision_model.head.attention out_proj
q - classifier
q text_model head
q text_model.encoder.layers.*.mlp fc1 fc2
q text_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_model.head.mlp fc1 fc2
@ siglip2 | siglip2 | Siglip2ForImageClassification Siglip2Model
o text_model.embeddings position_embedding token_embedding
o vision_model.embeddings position_embedding
o vision_model.head.attention out_proj
q - classifier
q text_model head
q text_model.encoder.layers.*.mlp fc1 fc2
q text_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_model.embeddings patch_embedding
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_model.head.mlp fc1 fc2
@ siglip2_vision_model | vision_model | Siglip2VisionModel
o embeddings position_embedding
o head.attention out_proj
q embeddings patch_embedding
q encoder.layers.*.mlp fc1 fc2
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q head.mlp fc1 fc2
@ siglip_vision_model | vision_model | SiglipVisionModel
o embeddings position_embedding
o head.attention out_proj
q encoder.layers.*.mlp fc1 fc2
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q head.mlp fc1 fc2
@ slanet | backbone | SLANetForTableRecognition
h head.structure_attention_cell score
q head.structure_attention_cell hidden_to_hidden input_to_hidden
q head.structure_generator fc1 fc2
@ slanext | backbone | SLANeXtForTableRecognition
h head.structure_attention_cell score
q head.structure_attention_cell hidden_to_hidden input_to_hidden
q head.structure_generator fc1 fc2
q vision_tower.layers.*.attn proj qkv
q vision_tower.layers.*.mlp lin1 lin2
@ smollm3 | model transformer | SmolLM3ForCausalLM SmolLM3ForQuestionAnswering SmolLM3ForSequenceClassification SmolLM3ForTokenClassification SmolLM3Model
& diffllama
t lm_head SmolLM3ForCausalLM
t score SmolLM3ForSequenceClassification
@ smolvlm | model | SmolVLMForConditionalGeneration SmolVLMModel
& idefics3
t lm_head SmolVLMForConditionalGeneration
@ smolvlm_vision | model | SmolVLMVisionTransformer
& chinese_clip_vision_model
@ solar_open | model | SolarOpenForCausalLM SolarOpenModel
& kolibri1
t lm_head SolarOpenForCausalLM
@ speech-encoder-decoder | speech_encoder_decoder | SpeechEncoderDecoderModel
d decoder.cls.predictions decoder
o decoder.bert.embeddings position_embeddings token_type_embeddings word_embeddings
q decoder.bert.encoder.layer.*.attention.output dense
q decoder.bert.encoder.layer.*.attention.self key query value
q decoder.bert.encoder.layer.*.crossattention.output dense
q decoder.bert.encoder.layer.*.crossattention.self key query value
q decoder.bert.encoder.layer.*.intermediate dense
q decoder.bert.encoder.layer.*.output dense
q decoder.cls.predictions.transform dense
q encoder.encoder.layers.*.attention k_proj out_proj q_proj v_proj
q encoder.encoder.layers.*.feed_forward intermediate_dense output_dense
q encoder.feature_projection projection
t decoder.cls.predictions.decoder SpeechEncoderDecoderModel
@ speech_to_text | model | Speech2TextForConditionalGeneration Speech2TextModel
d - lm_head
o decoder embed_tokens
q decoder.layers.* fc1 fc2
q decoder.layers.*.encoder_attn k_proj out_proj q_proj v_proj
q decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q encoder.layers.* fc1 fc2
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t lm_head Speech2TextForConditionalGeneration
@ speecht5 | speecht5 | SpeechT5ForSpeechToText SpeechT5ForTextToSpeech SpeechT5Model
d text_decoder_postnet lm_head
h speech_decoder_postnet prob_out
o decoder.prenet embed_tokens
o encoder.prenet embed_tokens
o encoder.wrapped_encoder.embed_positions pe_k
q decoder.prenet final_layer speaker_embeds_layer
q decoder.prenet.layers *
q decoder.wrapped_decoder.layers.*.encoder_attn k_proj out_proj q_proj v_proj
q decoder.wrapped_decoder.layers.*.feed_forward intermediate_dense output_dense
q decoder.wrapped_decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q encoder.prenet.feature_projection projection
q encoder.wrapped_encoder.layers.*.attention k_proj out_proj q_proj v_proj
q encoder.wrapped_encoder.layers.*.feed_forward intermediate_dense output_dense
q speech_decoder_postnet feat_out
t text_decoder_postnet.lm_head SpeechT5ForSpeechToText
@ splinter | splinter | SplinterForPreTraining SplinterForQuestionAnswering SplinterModel
d splinter_qass end_classifier
o embeddings position_embeddings token_type_embeddings word_embeddings
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q splinter_qass start_classifier
q splinter_qass.end_transform dense
q splinter_qass.query_end_transform dense
q splinter_qass.query_start_transform dense
q splinter_qass.start_transform dense
t splinter_qass.end_classifier SplinterForPreTraining SplinterForQuestionAnswering
@ squeezebert | transformer | SqueezeBertForMaskedLM SqueezeBertForMultipleChoice SqueezeBertForQuestionAnswering SqueezeBertForSequenceClassification SqueezeBertForTokenClassification SqueezeBertModel
d cls.predictions decoder
h - classifier qa_outputs
o embeddings position_embeddings token_type_embeddings word_embeddings
q cls.predictions.transform dense
q pooler dense
t cls.predictions.decoder SqueezeBertForMaskedLM
@ stablelm | model | StableLmForCausalLM StableLmForSequenceClassification StableLmForTokenClassification StableLmModel
& gemma
t lm_head StableLmForCausalLM
t score StableLmForSequenceClassification
@ starcoder2 | model | Starcoder2ForCausalLM Starcoder2ForSequenceClassification Starcoder2ForTokenClassification Starcoder2Model
d - lm_head
h - score
o - embed_tokens
q layers.*.mlp c_fc c_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head Starcoder2ForCausalLM
t score Starcoder2ForSequenceClassification
@ step3p7 | model | Step3p7ForConditionalGeneration Step3p7Model
d - lm_head
h - multi_modal_projector
m vision_model.layers.*.self_attn k_proj q_proj v_proj
o - embed_tokens
o language_model embed_tokens
o language_model.layers.*.mlp gate
o language_model.layers.*.moe gate
o layers.*.moe gate
o vision_model.embeddings position_embedding
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.mlp.shared_experts down_proj gate_proj up_proj
q language_model.layers.*.self_attn g_proj k_proj o_proj q_proj v_proj
q vision_model.layers.*.mlp fc1 fc2
q vision_model.layers.*.self_attn out_proj
= - language_model
= language_model.layers.*.share_expert language_model.layers.*.mlp.shared_experts
= layers.*.share_expert language_model.layers.*.mlp.shared_experts
= vision_model.transformer.resblocks.*.attn vision_model.layers.*.self_attn
= vision_model.transformer.resblocks.*.mlp.c_fc vision_model.layers.*.mlp.fc1
= vision_model.transformer.resblocks.*.mlp.c_proj vision_model.layers.*.mlp.fc2
= vit_large_projector multi_modal_projector
t lm_head Step3p7ForConditionalGeneration
t multi_modal_projector Step3p7Model
@ superglue | superglue | SuperGlueForKeypointMatching
q final_projection final_proj
q gnn.layers.*.attention.output dense
q gnn.layers.*.attention.self key query value
q gnn.layers.*.mlp *
q gnn.layers.*.mlp.* linear
q keypoint_encoder.encoder *
q keypoint_encoder.encoder.* linear
@ superpoint | superpoint | SuperPointForKeypointDetection
@ swiftformer | swiftformer | SwiftFormerForImageClassification SwiftFormerModel
h - dist_head head
q encoder.network.*.blocks.*.attn final proj to_key to_query
@ swin | swin | SwinBackbone SwinForImageClassification SwinForMaskedImageModeling SwinModel
h - classifier
q encoder.layers.*.blocks.*.attention k_proj o_proj q_proj v_proj
q encoder.layers.*.blocks.*.mlp fc1 fc2
q encoder.layers.*.downsample reduction
= encoder.layers.*.blocks.*.attention.output.dense encoder.layers.*.blocks.*.attention.o_proj
= encoder.layers.*.blocks.*.attention.self.key encoder.layers.*.blocks.*.attention.k_proj
= encoder.layers.*.blocks.*.attention.self.query encoder.layers.*.blocks.*.attention.q_proj
= encoder.layers.*.blocks.*.attention.self.value encoder.layers.*.blocks.*.attention.v_proj
= encoder.layers.*.blocks.*.intermediate.dense encoder.layers.*.blocks.*.mlp.fc1
= encoder.layers.*.blocks.*.output.dense encoder.layers.*.blocks.*.mlp.fc2
@ swin2sr | swin2sr | Swin2SRForImageSuperResolution Swin2SRModel
q encoder.stages.*.layers.*.attention.output dense
q encoder.stages.*.layers.*.attention.self key query value
q encoder.stages.*.layers.*.attention.self.continuous_position_bias_mlp *
q encoder.stages.*.layers.*.intermediate dense
q encoder.stages.*.layers.*.output dense
@ swinv2 | swinv2 | Swinv2Backbone Swinv2ForImageClassification Swinv2ForMaskedImageModeling Swinv2Model
h - classifier
q encoder.layers.*.blocks.*.attention.output dense
q encoder.layers.*.blocks.*.attention.self key query value
q encoder.layers.*.blocks.*.attention.self.continuous_position_bias_mlp *
q encoder.layers.*.blocks.*.intermediate dense
q encoder.layers.*.blocks.*.output dense
q encoder.layers.*.downsample reduction
@ switch_transformers | switch_transformers | SwitchTransformersForConditionalGeneration SwitchTransformersModel
d - lm_head
o - shared
o decoder embed_tokens
o decoder.block.*.layer.*.SelfAttention relative_attention_bias
o encoder embed_tokens
o encoder.block.*.layer.*.SelfAttention relative_attention_bias
q decoder.block.*.layer.*.EncDecAttention k o q v
q decoder.block.*.layer.*.SelfAttention k o q v
q decoder.block.*.layer.*.mlp wi wo
q decoder.block.*.layer.*.mlp.experts.expert_0 wi wo
q decoder.block.*.layer.*.mlp.experts.expert_1 wi wo
q decoder.block.*.layer.*.mlp.experts.expert_2 wi wo
q decoder.block.*.layer.*.mlp.experts.expert_3 wi wo
q decoder.block.*.layer.*.mlp.experts.expert_4 wi wo
q decoder.block.*.layer.*.mlp.experts.expert_5 wi wo
q decoder.block.*.layer.*.mlp.experts.expert_6 wi wo
q decoder.block.*.layer.*.mlp.experts.expert_7 wi wo
q decoder.block.*.layer.*.mlp.router classifier
q encoder.block.*.layer.*.SelfAttention k o q v
q encoder.block.*.layer.*.mlp wi wo
q encoder.block.*.layer.*.mlp.experts.expert_0 wi wo
q encoder.block.*.layer.*.mlp.experts.expert_1 wi wo
q encoder.block.*.layer.*.mlp.experts.expert_2 wi wo
q encoder.block.*.layer.*.mlp.experts.expert_3 wi wo
q encoder.block.*.layer.*.mlp.experts.expert_4 wi wo
q encoder.block.*.layer.*.mlp.experts.expert_5 wi wo
q encoder.block.*.layer.*.mlp.experts.expert_6 wi wo
q encoder.block.*.layer.*.mlp.experts.expert_7 wi wo
q encoder.block.*.layer.*.mlp.router classifier
t lm_head SwitchTransformersForConditionalGeneration
@ t5 | transformer | T5EncoderModel T5ForConditionalGeneration T5ForQuestionAnswering T5ForSequenceClassification T5ForTokenClassification T5Model
d - lm_head
d decoder.block.*.layer.*.DenseReluDense wo
d encoder.block.*.layer.*.DenseReluDense wo
h - classifier qa_outputs
h classification_head out_proj
o - shared
o decoder embed_tokens
o decoder.block.*.layer.*.SelfAttention relative_attention_bias
o encoder embed_tokens
o encoder.block.*.layer.*.SelfAttention relative_attention_bias
q classification_head dense
q decoder.block.*.layer.*.DenseReluDense wi
q decoder.block.*.layer.*.EncDecAttention k o q v
q decoder.block.*.layer.*.SelfAttention k o q v
q encoder.block.*.layer.*.DenseReluDense wi
q encoder.block.*.layer.*.SelfAttention k o q v
t lm_head T5ForConditionalGeneration
@ t5gemma | model | T5GemmaForConditionalGeneration T5GemmaForSequenceClassification T5GemmaForTokenClassification T5GemmaModel
d lm_head out_proj
h score out_proj
o decoder embed_tokens
o encoder embed_tokens
q decoder.layers.*.cross_attn k_proj o_proj q_proj v_proj
q decoder.layers.*.mlp down_proj gate_proj up_proj
q decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q encoder.layers.*.mlp down_proj gate_proj up_proj
q encoder.layers.*.self_attn k_proj o_proj q_proj v_proj
t lm_head.out_proj T5GemmaForConditionalGeneration
@ t5gemma2 | model | T5Gemma2ForConditionalGeneration T5Gemma2ForSequenceClassification T5Gemma2ForTokenClassification T5Gemma2Model
d lm_head out_proj
h score out_proj
o decoder embed_tokens
o encoder embed_tokens
o encoder.text_model embed_tokens
o encoder.vision_tower.embeddings position_embedding
o encoder.vision_tower.head.attention out_proj
q decoder.layers.*.mlp down_proj gate_proj up_proj
q decoder.layers.*.self_attn k_proj o_proj q_proj v_proj
q encoder.text_model.layers.*.mlp down_proj gate_proj up_proj
q encoder.text_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q encoder.vision_tower.encoder.layers.*.mlp fc1 fc2
q encoder.vision_tower.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q encoder.vision_tower.head.mlp fc1 fc2
= encoder encoder.text_model
t lm_head.out_proj T5Gemma2ForConditionalGeneration
@ tapas | tapas | TapasForMaskedLM TapasForQuestionAnswering TapasForSequenceClassification TapasModel
d cls.predictions decoder
h - classifier
o embeddings position_embeddings token_type_embeddings_0 token_type_embeddings_1 token_type_embeddings_2 token_type_embeddings_3 token_type_embeddings_4 token_type_embeddings_5 token_type_embeddings_6 word_embeddings
q cls.predictions.transform dense
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q pooler dense
t cls.predictions.decoder TapasForMaskedLM
@ textnet | textnet | TextNetBackbone TextNetForImageClassification TextNetModel
h - fc
@ timesfm | decoder | TimesFmModel TimesFmModelForPrediction
o - freq_emb
q horizon_ff_layer input_layer output_layer residual_layer
q input_ff_layer input_layer output_layer residual_layer
q layers.*.mlp down_proj gate_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
@ timesfm2_5 | model | TimesFm2_5Model TimesFm2_5ModelForPrediction
d output_projection_quantiles residual_layer
q input_ff_layer input_layer output_layer residual_layer
q layers.*.mlp fc1 fc2
q layers.*.self_attn k_proj o_proj q_proj v_proj
q output_projection_point input_layer output_layer residual_layer
q output_projection_quantiles input_layer output_layer
= layers.*.mlp.ff0 layers.*.mlp.fc1
= layers.*.mlp.ff1 layers.*.mlp.fc2
t output_projection_quantiles.residual_layer TimesFm2_5ModelForPrediction
@ timesformer | timesformer | TimesformerForVideoClassification TimesformerModel
h - classifier
q encoder.layer.* temporal_dense
q encoder.layer.*.attention.attention qkv
q encoder.layer.*.attention.output dense
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q encoder.layer.*.temporal_attention.attention qkv
q encoder.layer.*.temporal_attention.output dense
@ tipsv2 | model | Tipsv2Model
m text_model.encoder.layers.*.self_attn k_proj q_proj v_proj
m vision_model.encoder.layer.*.attention k_proj q_proj v_proj
o text_encoder token_embedding
o text_model.embeddings token_embedding
o vision_encoder.blocks.*.attn qkv
q text_model.encoder.layers.*.mlp fc1 fc2
q text_model.encoder.layers.*.self_attn out_proj
q vision_model.encoder.layer.*.attention o_proj
q vision_model.encoder.layer.*.mlp fc1 fc2
= text_encoder.transformer.resblocks.*.attn text_model.encoder.layers.*.self_attn
= text_encoder.transformer.resblocks.*.mlp.c_fc text_model.encoder.layers.*.mlp.fc1
= text_encoder.transformer.resblocks.*.mlp.c_proj text_model.encoder.layers.*.mlp.fc2
= vision_encoder.blocks.*.attn.proj vision_model.encoder.layer.*.attention.o_proj
= vision_encoder.blocks.*.mlp.c_fc vision_model.encoder.layer.*.mlp.fc1
= vision_encoder.blocks.*.mlp.c_proj vision_model.encoder.layer.*.mlp.fc2
@ tipsv2_dpt | backbone | Tipsv2DptForDepthEstimation Tipsv2DptForNormalEstimation Tipsv2DptForSemanticSegmentation
h decoder head
m encoder.layer.*.attention k_proj q_proj v_proj
o vision_encoder.blocks.*.attn qkv
q encoder.layer.*.attention o_proj
q encoder.layer.*.mlp fc1 fc2
q neck.reassemble_stage.readout_projects.*.layers *
= depth_head.depth_head decoder.head
= depth_head.reassemble.readout_projects neck.reassemble_stage.readout_projects.*.layers
= normals_head.normals_head decoder.head
= normals_head.reassemble.readout_projects neck.reassemble_stage.readout_projects.*.layers
= segmentation_head.reassemble.readout_projects neck.reassemble_stage.readout_projects.*.layers
= segmentation_head.segmentation_head decoder.head
= vision_encoder.blocks.*.attn.proj encoder.layer.*.attention.o_proj
= vision_encoder.blocks.*.mlp.c_fc encoder.layer.*.mlp.fc1
= vision_encoder.blocks.*.mlp.c_proj encoder.layer.*.mlp.fc2
@ tipsv2_text_model | text_model | Tipsv2TextModel
m encoder.layers.*.self_attn k_proj q_proj v_proj
o - token_embedding
o embeddings token_embedding
q encoder.layers.*.mlp fc1 fc2
q encoder.layers.*.self_attn out_proj
= transformer.resblocks.*.attn encoder.layers.*.self_attn
= transformer.resblocks.*.mlp.c_fc encoder.layers.*.mlp.fc1
= transformer.resblocks.*.mlp.c_proj encoder.layers.*.mlp.fc2
@ tipsv2_vision_model | vision_model | Tipsv2VisionBackbone Tipsv2VisionModel
m encoder.layer.*.attention k_proj q_proj v_proj
o blocks.*.attn qkv
q encoder.layer.*.attention o_proj
q encoder.layer.*.mlp fc1 fc2
= blocks.*.attn.proj encoder.layer.*.attention.o_proj
= blocks.*.mlp.c_fc encoder.layer.*.mlp.fc1
= blocks.*.mlp.c_proj encoder.layer.*.mlp.fc2
@ trocr | model | TrOCRForCausalLM
d - output_projection
o decoder embed_positions embed_tokens
q decoder.layers.* fc1 fc2
q decoder.layers.*.encoder_attn k_proj out_proj q_proj v_proj
q decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t output_projection TrOCRForCausalLM
@ tvp | model | TvpModel
o embeddings position_embeddings token_type_embeddings word_embeddings
o visual_embeddings col_position_embeddings position_embeddings row_position_embeddings token_type_embeddings
q encoder.layer.*.attention dense key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q pooler dense
@ udop | transformer | UdopForConditionalGeneration UdopModel
d - lm_head
d decoder.block.*.layer.*.DenseReluDense wo
d encoder.block.*.layer.*.DenseReluDense wo
o - shared
o decoder embed_tokens
o decoder.block.*.layer.*.SelfAttention relative_attention_bias
o decoder.relative_bias.biases.* relative_attention_bias
o encoder embed_tokens
o encoder.block.*.layer.*.SelfAttention relative_attention_bias
o encoder.cell_2d_embedding x_position_embeddings y_position_embeddings
o encoder.relative_bias.biases.* relative_attention_bias
q decoder.block.*.layer.*.DenseReluDense wi
q decoder.block.*.layer.*.EncDecAttention k o q v
q decoder.block.*.layer.*.SelfAttention k o q v
q encoder.block.*.layer.*.DenseReluDense wi
q encoder.block.*.layer.*.SelfAttention k o q v
t lm_head UdopForConditionalGeneration
@ ultrabert | model | UltrabertForMaskedLM UltrabertForQuestionAnswering UltrabertForSequenceClassification UltrabertForTokenClassification UltrabertModel
d head decoder
h - classifier qa_outputs
o - embed_tokens
o ultrabert embed_tokens
q head linear1 linear2
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
= cls head.decoder
= ultrabert -
t head.decoder UltrabertForMaskedLM
@ ultravbert | model | UltraVBertForMaskedLM UltraVBertForSequenceClassification UltraVBertForTokenClassification UltraVBertModel
d - lm_head
h - classifier
o text_model embed_tokens
o vision_model.embeddings position_embedding
q connector modality_projection
q projection_head linear1 linear2
q text_model.layers.*.mlp down_proj gate_proj up_proj
q text_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
= head projection_head
= head.decoder lm_head
t lm_head UltraVBertForMaskedLM
@ umt5 | transformer | UMT5EncoderModel UMT5ForConditionalGeneration UMT5ForQuestionAnswering UMT5ForSequenceClassification UMT5ForTokenClassification UMT5Model
& mt5
t lm_head UMT5ForConditionalGeneration
@ unispeech | unispeech | UniSpeechForCTC UniSpeechForPreTraining UniSpeechForSequenceClassification UniSpeechModel
h - classifier
q - ctc_proj lm_head project_hid project_q projector
q encoder.layers.*.attention k_proj out_proj q_proj v_proj
q encoder.layers.*.feed_forward intermediate_dense output_dense
q feature_projection projection
q quantizer weight_proj
@ unispeech-sat | unispeech_sat | UniSpeechSatForAudioFrameClassification UniSpeechSatForCTC UniSpeechSatForPreTraining UniSpeechSatForSequenceClassification UniSpeechSatForXVector UniSpeechSatModel
h - classifier
o - objective
q - feature_extractor lm_head project_hid project_q projector speaker_proj
q encoder.layers.*.attention k_proj out_proj q_proj v_proj
q encoder.layers.*.feed_forward intermediate_dense output_dense
q feature_projection projection
q quantizer weight_proj
q tdnn.* kernel
@ univnet |  | UnivNetModel
@ unlimited_ocr | model | UnlimitedOcrForConditionalGeneration UnlimitedOcrModel
d - lm_head
m vision_tower.vision_encoder.encoder.layers.*.self_attn k_proj q_proj v_proj
o - embed_tokens
o language_model embed_tokens
o language_model.layers.*.mlp gate
o layers.*.mlp gate
o layers.*.mlp.experts.* down_proj gate_proj up_proj
o vision_model.embeddings position_embedding
o vision_model.transformer.layers.*.self_attn qkv_proj
o vision_tower.vision_encoder.embeddings position_embedding
q - multi_modal_projector
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.mlp.shared_experts down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q vision_tower.sam_encoder.layers.*.attn proj qkv
q vision_tower.sam_encoder.layers.*.mlp lin1 lin2
q vision_tower.vision_encoder.encoder.layers.*.mlp fc1 fc2
q vision_tower.vision_encoder.encoder.layers.*.self_attn out_proj
= - language_model
= projector.layers multi_modal_projector
= sam_model.blocks vision_tower.sam_encoder.layers
= vision_model.transformer vision_tower.vision_encoder.encoder
t lm_head UnlimitedOcrForConditionalGeneration
@ upernet |  | UperNetForSemanticSegmentation
@ uvdoc | model | UVDocModel
@ uvdoc_backbone | backbone | UVDocBackbone
@ vaultgemma | model | VaultGemmaForCausalLM VaultGemmaModel
& bitnet
t lm_head VaultGemmaForCausalLM
@ vibevoice | model | VibeVoiceForConditionalGeneration
d - lm_head
o language_model embed_tokens
q audio_tower.decoder.conv_layers.*.stage.*.ffn linear1 linear2
q audio_tower.decoder.stem.stage.*.ffn linear1 linear2
q audio_tower.encoder.conv_layers.*.stage.*.ffn linear1 linear2
q audio_tower.encoder.stem.stage.*.ffn linear1 linear2
q diffusion_head cond_proj noisy_images_proj
q diffusion_head.final_layer linear_1 linear_2
q diffusion_head.layers.* linear
q diffusion_head.layers.*.ffn down_proj gate_proj up_proj
q diffusion_head.timestep_proj fc1 fc2
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear_1 linear_2
q semantic_connector linear_1 linear_2
q semantic_tokenizer_encoder.conv_layers.*.stage.*.ffn linear1 linear2
q semantic_tokenizer_encoder.stem.stage.*.ffn linear1 linear2
t lm_head VibeVoiceForConditionalGeneration
@ vibevoice_acoustic_tokenizer | vibevoice_acoustic_tokenizer | VibeVoiceAcousticTokenizerModel
q decoder.conv_layers.*.stage.*.ffn linear1 linear2
q decoder.stem.stage.*.ffn linear1 linear2
q encoder.conv_layers.*.stage.*.ffn linear1 linear2
q encoder.stem.stage.*.ffn linear1 linear2
@ vibevoice_acoustic_tokenizer_decoder | vibevoice_acoustic_tokenizer | VibeVoiceAcousticTokenizerDecoderModel
q conv_layers.*.stage.*.ffn linear1 linear2
q stem.stage.*.ffn linear1 linear2
@ vibevoice_acoustic_tokenizer_encoder | vibevoice_acoustic_tokenizer | VibeVoiceAcousticTokenizerEncoderModel
& vibevoice_acoustic_tokenizer_decoder
@ vibevoice_asr | model | VibeVoiceAsrForConditionalGeneration VibeVoiceAsrModel
d - lm_head
o language_model embed_tokens
o language_model.model embed_tokens
q acoustic_tokenizer_encoder.conv_layers.*.stage.*.ffn linear1 linear2
q acoustic_tokenizer_encoder.stem.stage.*.ffn linear1 linear2
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector acoustic_linear_1 acoustic_linear_2 semantic_linear_1 semantic_linear_2
q semantic_tokenizer_encoder.conv_layers.*.stage.*.ffn linear1 linear2
q semantic_tokenizer_encoder.stem.stage.*.ffn linear1 linear2
= language_model -
= language_model.model language_model
t lm_head VibeVoiceAsrForConditionalGeneration
@ video_llama_3 | model | VideoLlama3ForConditionalGeneration VideoLlama3Model
d - lm_head
o language_model embed_tokens
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q projector.readout *
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t lm_head VideoLlama3ForConditionalGeneration
@ video_llama_3_vision | model | VideoLlama3VisionModel
& mlcd_vision_model
@ video_llava | model | VideoLlavaForConditionalGeneration VideoLlavaModel
d - lm_head
o image_tower.embeddings position_embedding
o language_model embed_tokens
o language_model.model embed_tokens
o video_tower.embeddings position_embedding
q image_tower.encoder.layers.*.mlp fc1 fc2
q image_tower.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear_1 linear_2
q video_tower.encoder.layers.*.mlp fc1 fc2
q video_tower.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
= language_model -
= language_model.model language_model
t lm_head VideoLlavaForConditionalGeneration
@ videomae | videomae | VideoMAEForPreTraining VideoMAEForVideoClassification VideoMAEModel
h - classifier
q - encoder_to_decoder
q decoder head
q decoder.decoder_layers.*.attention.attention key query value
q decoder.decoder_layers.*.attention.output dense
q decoder.decoder_layers.*.intermediate dense
q decoder.decoder_layers.*.output dense
q encoder.layer.*.attention.attention key query value
q encoder.layer.*.attention.output dense
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
@ videoprism | model | VideoPrismClipModel
o text_model.embeddings token_embedding
q text_model.layers.*.attention k_proj o_proj q_proj v_proj
q text_model.layers.*.mlp fc1 fc2
q video_model.auxiliary_layers.*.attention k_proj o_proj q_proj v_proj
q video_model.auxiliary_layers.*.mlp fc1 fc2
q video_model.head k_proj o_proj q_proj v_proj
q video_model.vision_model.spatial_layers.*.attention k_proj o_proj q_proj v_proj
q video_model.vision_model.spatial_layers.*.mlp fc1 fc2
q video_model.vision_model.temporal_layers.*.attention k_proj o_proj q_proj v_proj
q video_model.vision_model.temporal_layers.*.mlp fc1 fc2
@ videoprism_vision_model | vision_model | VideoPrismForVideoClassification VideoPrismVisionModel
h - classifier
q head k_proj o_proj q_proj v_proj
q spatial_layers.*.attention k_proj o_proj q_proj v_proj
q spatial_layers.*.mlp fc1 fc2
q temporal_layers.*.attention k_proj o_proj q_proj v_proj
q temporal_layers.*.mlp fc1 fc2
@ vilt | vilt | ViltForQuestionAnswering ViltModel
o embeddings token_type_embeddings
o embeddings.text_embeddings position_embeddings token_type_embeddings word_embeddings
q encoder.layer.*.attention.attention key query value
q encoder.layer.*.attention.output dense
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q pooler dense
x classifier *
@ vipllava | model | VipLlavaForConditionalGeneration VipLlavaModel
& llava
t lm_head VipLlavaForConditionalGeneration
@ vision-encoder-decoder | vision_encoder_decoder | VisionEncoderDecoderModel
d decoder.cls.predictions decoder
o decoder.bert.embeddings position_embeddings token_type_embeddings word_embeddings
q decoder.bert.encoder.layer.*.attention.output dense
q decoder.bert.encoder.layer.*.attention.self key query value
q decoder.bert.encoder.layer.*.crossattention.output dense
q decoder.bert.encoder.layer.*.crossattention.self key query value
q decoder.bert.encoder.layer.*.intermediate dense
q decoder.bert.encoder.layer.*.output dense
q decoder.cls.predictions.transform dense
q encoder.layers.*.attention k_proj o_proj q_proj v_proj
q encoder.layers.*.mlp fc1 fc2
q encoder.pooler dense
= encoder.encoder.layer.*.attention.attention.key encoder.layers.*.attention.k_proj
= encoder.encoder.layer.*.attention.attention.query encoder.layers.*.attention.q_proj
= encoder.encoder.layer.*.attention.attention.value encoder.layers.*.attention.v_proj
= encoder.encoder.layer.*.attention.output.dense encoder.layers.*.attention.o_proj
= encoder.encoder.layer.*.intermediate.dense encoder.layers.*.mlp.fc1
= encoder.encoder.layer.*.output.dense encoder.layers.*.mlp.fc2
t decoder.cls.predictions.decoder VisionEncoderDecoderModel
@ vision-text-dual-encoder | vision_text_dual_encoder | VisionTextDualEncoderModel
d - text_projection
o text_model.embeddings position_embeddings token_type_embeddings word_embeddings
q - visual_projection
q text_model.encoder.layer.*.attention.output dense
q text_model.encoder.layer.*.attention.self key query value
q text_model.encoder.layer.*.intermediate dense
q text_model.encoder.layer.*.output dense
q text_model.pooler dense
q vision_model.layers.*.attention k_proj o_proj q_proj v_proj
q vision_model.layers.*.mlp fc1 fc2
q vision_model.pooler dense
= vision_model.encoder.layer.*.attention.attention.key vision_model.layers.*.attention.k_proj
= vision_model.encoder.layer.*.attention.attention.query vision_model.layers.*.attention.q_proj
= vision_model.encoder.layer.*.attention.attention.value vision_model.layers.*.attention.v_proj
= vision_model.encoder.layer.*.attention.output.dense vision_model.layers.*.attention.o_proj
= vision_model.encoder.layer.*.intermediate.dense vision_model.layers.*.mlp.fc1
= vision_model.encoder.layer.*.output.dense vision_model.layers.*.mlp.fc2
t text_projection VisionTextDualEncoderModel
@ visual_bert | visual_bert | VisualBertForPreTraining VisualBertModel
d cls.predictions decoder
h cls seq_relationship
o embeddings position_embeddings token_type_embeddings visual_position_embeddings visual_token_type_embeddings word_embeddings
q cls.predictions.transform dense
q embeddings visual_projection
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q pooler dense
t cls.predictions.decoder VisualBertForPreTraining
@ vit | vit | ViTForImageClassification ViTForMaskedImageModeling ViTModel
h - classifier
q layers.*.attention k_proj o_proj q_proj v_proj
q layers.*.mlp fc1 fc2
q pooler dense
= encoder.layer.*.attention.attention.key layers.*.attention.k_proj
= encoder.layer.*.attention.attention.query layers.*.attention.q_proj
= encoder.layer.*.attention.attention.value layers.*.attention.v_proj
= encoder.layer.*.attention.output.dense layers.*.attention.o_proj
= encoder.layer.*.intermediate.dense layers.*.mlp.fc1
= encoder.layer.*.output.dense layers.*.mlp.fc2
@ vit_mae | vit | ViTMAEForPreTraining ViTMAEModel
q decoder decoder_embed decoder_pred
q decoder.decoder_layers.*.attention k_proj o_proj q_proj v_proj
q decoder.decoder_layers.*.mlp fc1 fc2
q layers.*.attention k_proj o_proj q_proj v_proj
q layers.*.mlp fc1 fc2
= decoder.decoder_encoder.layer.*.attention.attention.key decoder.decoder_layers.*.attention.k_proj
= decoder.decoder_encoder.layer.*.attention.attention.query decoder.decoder_layers.*.attention.q_proj
= decoder.decoder_encoder.layer.*.attention.attention.value decoder.decoder_layers.*.attention.v_proj
= decoder.decoder_encoder.layer.*.attention.output.dense decoder.decoder_layers.*.attention.o_proj
= decoder.decoder_encoder.layer.*.intermediate.dense decoder.decoder_layers.*.mlp.fc1
= decoder.decoder_encoder.layer.*.output.dense decoder.decoder_layers.*.mlp.fc2
= encoder.layer.*.attention.attention.key layers.*.attention.k_proj
= encoder.layer.*.attention.attention.query layers.*.attention.q_proj
= encoder.layer.*.attention.attention.value layers.*.attention.v_proj
= encoder.layer.*.attention.output.dense layers.*.attention.o_proj
= encoder.layer.*.intermediate.dense layers.*.mlp.fc1
= encoder.layer.*.output.dense layers.*.mlp.fc2
@ vit_msn | vit | ViTMSNForImageClassification ViTMSNModel
& beit
@ vitdet | vitdet | VitDetBackbone VitDetModel
q encoder.layer.*.attention proj qkv
q encoder.layer.*.mlp fc1 fc2
@ vitpose | vit | VitPoseForPoseEstimation
q backbone.encoder.layer.*.attention.attention key query value
q backbone.encoder.layer.*.attention.output dense
q backbone.encoder.layer.*.mlp fc1 fc2
@ vitpose_backbone | vit | VitPoseBackbone
q encoder.layer.*.attention.attention key query value
q encoder.layer.*.attention.output dense
q encoder.layer.*.mlp fc1 fc2
@ vits | vits | VitsModel
o text_encoder embed_tokens
q text_encoder.encoder.layers.*.attention k_proj out_proj q_proj v_proj
@ vivit | vivit | VivitForVideoClassification VivitModel
& vit
@ vjepa2 | vjepa2 | VJEPA2ForVideoClassification VJEPA2Model
h - classifier
q encoder.layer.*.attention key proj query value
q encoder.layer.*.mlp fc1 fc2
q pooler.cross_attention_layer.cross_attn k_proj q_proj v_proj
q pooler.cross_attention_layer.mlp fc1 fc2
q pooler.self_attention_layers.*.mlp fc1 fc2
q pooler.self_attention_layers.*.self_attn k_proj out_proj q_proj v_proj
q predictor proj
q predictor.embeddings predictor_embeddings
q predictor.layer.*.attention key proj query value
q predictor.layer.*.mlp fc1 fc2
@ voxtral | model | VoxtralForConditionalGeneration VoxtralModel
d - lm_head
h multi_modal_projector linear_2
o audio_tower embed_positions
o language_model embed_tokens
o language_model.model embed_tokens
q audio_tower.layers.* fc1 fc2
q audio_tower.layers.*.self_attn k_proj out_proj q_proj v_proj
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear_1
= language_model -
= language_model.model language_model
t lm_head VoxtralForConditionalGeneration
t multi_modal_projector.linear_2 VoxtralModel
@ voxtral_encoder | model | VoxtralEncoder
& audioflamingo3_encoder
@ voxtral_realtime | model | VoxtralRealtimeForConditionalGeneration VoxtralRealtimeModel
d - lm_head
h multi_modal_projector linear_2
o language_model embed_tokens
o language_model.model embed_tokens
q audio_tower.layers.*.mlp down_proj gate_proj up_proj
q audio_tower.layers.*.self_attn k_proj o_proj q_proj v_proj
q language_model.layers.*.ada_rms_norm linear1 linear2
q language_model.layers.*.mlp down_proj gate_proj up_proj
q language_model.layers.*.self_attn k_proj o_proj q_proj v_proj
q multi_modal_projector linear_1
= language_model -
= language_model.model language_model
t lm_head VoxtralRealtimeForConditionalGeneration
t multi_modal_projector.linear_2 VoxtralRealtimeModel
@ voxtral_realtime_encoder | model | VoxtralRealtimeEncoder
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn k_proj o_proj q_proj v_proj
@ wav2vec2 | wav2vec2 | Wav2Vec2ForAudioFrameClassification Wav2Vec2ForCTC Wav2Vec2ForPreTraining Wav2Vec2ForSequenceClassification Wav2Vec2ForXVector Wav2Vec2Model
h - classifier
o - objective
q - feature_extractor lm_head project_hid project_q projector
q encoder.layers.*.attention k_proj out_proj q_proj v_proj
q encoder.layers.*.feed_forward intermediate_dense output_dense
q feature_projection projection
q quantizer weight_proj
q tdnn.* kernel
@ wav2vec2-bert | wav2vec2_bert | Wav2Vec2BertForAudioFrameClassification Wav2Vec2BertForSequenceClassification Wav2Vec2BertForXVector Wav2Vec2BertModel
h - classifier
o - objective
o encoder.layers.*.self_attn distance_embedding
q - feature_extractor projector
q encoder.layers.*.ffn1 intermediate_dense output_dense
q encoder.layers.*.ffn2 intermediate_dense output_dense
q encoder.layers.*.self_attn linear_k linear_out linear_q linear_v
q feature_projection projection
q tdnn.* kernel
@ wav2vec2-conformer | wav2vec2_conformer | Wav2Vec2ConformerForAudioFrameClassification Wav2Vec2ConformerForPreTraining Wav2Vec2ConformerForSequenceClassification Wav2Vec2ConformerForXVector Wav2Vec2ConformerModel
h - classifier
o - objective
q - feature_extractor project_hid project_q projector
q encoder.layers.*.ffn1 intermediate_dense output_dense
q encoder.layers.*.ffn2 intermediate_dense output_dense
q encoder.layers.*.self_attn linear_k linear_out linear_pos linear_q linear_v
q feature_projection projection
q quantizer weight_proj
q tdnn.* kernel
@ wavlm | wavlm | WavLMForAudioFrameClassification WavLMForCTC WavLMForSequenceClassification WavLMForXVector WavLMModel
h - classifier
o - objective
o encoder.layers.*.attention rel_attn_embed
q - feature_extractor lm_head projector
q encoder.layers.*.attention gru_rel_pos_linear k_proj out_proj q_proj v_proj
q encoder.layers.*.feed_forward intermediate_dense output_dense
q feature_projection projection
q tdnn.* kernel
@ wavtokenizer | encoder_model | WavTokenizerModel
o backbone.convnext.*.norm scale shift
o backbone.norm scale shift
q backbone.convnext.* pwconv1 pwconv2
q head linear
@ wavtokenizer_encoder | encoder_model | WavTokenizerEncoderModel
@ whisper | model | WhisperForAudioClassification WhisperForCausalLM WhisperForConditionalGeneration WhisperModel
d - proj_out
o decoder embed_positions embed_tokens
o encoder embed_positions
q - classifier projector
q decoder.layers.* fc1 fc2
q decoder.layers.*.encoder_attn k_proj out_proj q_proj v_proj
q decoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q encoder.layers.* fc1 fc2
q encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
t proj_out WhisperForCausalLM WhisperForConditionalGeneration
@ xclip | x_clip | XCLIPModel
o text_model.embeddings position_embedding token_embedding
o vision_model.embeddings position_embedding
q - text_projection visual_projection
q mit.encoder.layers.*.mlp fc1 fc2
q mit.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q prompts_generator.decoder.*.cross_attn k_proj proj q_proj v_proj
q prompts_generator.decoder.*.mlp *
q text_model.encoder.layers.*.mlp fc1 fc2
q text_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
q vision_model.encoder.layers.* message_fc
q vision_model.encoder.layers.*.message_attn k_proj out_proj q_proj v_proj
q vision_model.encoder.layers.*.mlp fc1 fc2
q vision_model.encoder.layers.*.self_attn k_proj out_proj q_proj v_proj
@ xcodec | xcodec | XcodecModel
q - fc fc1 fc2
q semantic_model.encoder.layers.*.attention k_proj out_proj q_proj v_proj
q semantic_model.encoder.layers.*.feed_forward intermediate_dense output_dense
q semantic_model.feature_projection projection
@ xcodec2 | xcodec2 | Xcodec2Model
& neucodec
@ xglm | model | XGLMForCausalLM XGLMModel
d - lm_head
o - embed_tokens
q layers.* fc1 fc2
q layers.*.self_attn k_proj out_proj q_proj v_proj
t lm_head XGLMForCausalLM
@ xlm | transformer | XLMForMultipleChoice XLMForQuestionAnsweringSimple XLMForSequenceClassification XLMForTokenClassification XLMModel XLMWithLMHeadModel
& flaubert
t pred_layer.proj XLMWithLMHeadModel
@ xlm-roberta | roberta | XLMRobertaForCausalLM XLMRobertaForMaskedLM XLMRobertaForMultipleChoice XLMRobertaForQuestionAnswering XLMRobertaForSequenceClassification XLMRobertaForTokenClassification XLMRobertaModel
& camembert
t lm_head.decoder XLMRobertaForCausalLM XLMRobertaForMaskedLM
@ xlm-roberta-xl | roberta | XLMRobertaXLForCausalLM XLMRobertaXLForMaskedLM XLMRobertaXLForMultipleChoice XLMRobertaXLForQuestionAnswering XLMRobertaXLForSequenceClassification XLMRobertaXLForTokenClassification XLMRobertaXLModel
& camembert
t lm_head.decoder XLMRobertaXLForCausalLM XLMRobertaXLForMaskedLM
@ xlnet | transformer | XLNetForMultipleChoice XLNetForQuestionAnsweringSimple XLNetForSequenceClassification XLNetForTokenClassification XLNetLMHeadModel XLNetModel
d - lm_loss
h - classifier logits_proj qa_outputs
o - word_embedding
q layer.*.ff layer_1 layer_2
q sequence_summary summary
t lm_loss XLNetLMHeadModel
@ xlstm | backbone | xLSTMForCausalLM xLSTMModel
d - lm_head
o - embeddings
q blocks.*.ffn proj_down proj_up proj_up_gate
q blocks.*.mlstm_layer fgate_preact igate_preact k ogate_preact out_proj q v
t lm_head xLSTMForCausalLM
@ xmod | roberta | XmodForCausalLM XmodForMaskedLM XmodForMultipleChoice XmodForQuestionAnswering XmodForSequenceClassification XmodForTokenClassification XmodModel
d lm_head decoder
h - classifier qa_outputs
h classifier out_proj
o embeddings position_embeddings token_type_embeddings word_embeddings
q classifier dense
q encoder.layer.*.attention.output dense
q encoder.layer.*.attention.self key query value
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q encoder.layer.*.output.adapter_modules.en_XX dense1 dense2
q lm_head dense
q pooler dense
t lm_head.decoder XmodForCausalLM XmodForMaskedLM
@ yolos | vit | YolosForObjectDetection YolosModel
q bbox_predictor.layers *
q class_labels_classifier.layers *
q encoder.layer.*.attention.attention key query value
q encoder.layer.*.attention.output dense
q encoder.layer.*.intermediate dense
q encoder.layer.*.output dense
q pooler dense
@ yoso | yoso | YosoForMaskedLM YosoForMultipleChoice YosoForQuestionAnswering YosoForSequenceClassification YosoForTokenClassification YosoModel
& mra
t cls.predictions.decoder YosoForMaskedLM
@ youtu | model | YoutuForCausalLM YoutuModel
d - lm_head
o - embed_tokens
q layers.*.mlp down_proj gate_proj up_proj
q layers.*.self_attn kv_a_proj_with_mqa kv_b_proj o_proj q_a_proj q_b_proj
t lm_head YoutuForCausalLM
@ zamba | model | ZambaForCausalLM ZambaForSequenceClassification ZambaModel
d - lm_head score
o - embed_tokens
q layers.* linear
q layers.*.mamba in_proj out_proj
q layers.*.mamba_decoder.mamba in_proj out_proj
x layers.*.shared_transf.feed_forward down_proj gate_proj up_proj
x layers.*.shared_transf.self_attn k_proj o_proj q_proj v_proj
t lm_head ZambaForCausalLM
t score ZambaForSequenceClassification
@ zamba2 | model | Zamba2ForCausalLM Zamba2ForSequenceClassification Zamba2Model
d - lm_head score
o - embed_tokens
q layers.* linear
q layers.*.mamba in_proj out_proj
q layers.*.mamba_decoder.mamba in_proj out_proj
x layers.*.shared_transformer.feed_forward down_proj gate_up_proj
x layers.*.shared_transformer.feed_forward.gate_up_proj_adapter_list.* *
x layers.*.shared_transformer.self_attn k_proj o_proj q_proj v_proj
t lm_head Zamba2ForCausalLM
t score Zamba2ForSequenceClassification
@ zaya | model | ZayaForCausalLM ZayaModel
d - lm_head
o - embed_tokens
q layers.*.mlp.gate down_proj
q layers.*.mlp.gate.router_mlp fc1 fc2 out_proj
q layers.*.self_attn o_proj
q layers.*.self_attn.qkv_proj k_proj q_proj v_proj_current v_proj_delayed
t lm_head ZayaForCausalLM
@ zoedepth | zoedepth | ZoeDepthForDepthEstimation
q backbone.beit.layers.*.attention k_proj o_proj q_proj v_proj
q backbone.beit.layers.*.mlp fc1 fc2
q neck.reassemble_stage.readout_projects.* *
= backbone.encoder.layer.*.attention.attention.key backbone.beit.layers.*.attention.k_proj
= backbone.encoder.layer.*.attention.attention.query backbone.beit.layers.*.attention.q_proj
= backbone.encoder.layer.*.attention.attention.value backbone.beit.layers.*.attention.v_proj
= backbone.encoder.layer.*.attention.output.dense backbone.beit.layers.*.attention.o_proj
= backbone.encoder.layer.*.intermediate.dense backbone.beit.layers.*.mlp.fc1
= backbone.encoder.layer.*.output.dense backbone.beit.layers.*.mlp.fc2
"""#
}
