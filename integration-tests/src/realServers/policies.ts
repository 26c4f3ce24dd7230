// What is allowed of each server, by the arguments of its tools: numbers, choices, texts, paths, and lists with records in
// them.

/** `root` is the folder that the server of files serves. */
export const policiesFor = (root: string): string => `
@id("whatever-else")
permit (principal, action, resource is Server);

@id("everything-else")
permit (principal, action, resource is Tool)
unless {
  [
    Tool::"everything/gzip-file-as-resource",
    Tool::"files/read_text_file",
    Tool::"files/read_multiple_files",
    Tool::"files/write_file",
    Tool::"memory/search_nodes",
    Tool::"memory/create_relations",
    Tool::"memory/read_graph"
  ].contains(resource)
};

@id("sums-stay-small")
@message("Sums are of numbers up to 1000.")
forbid (principal, action == Action::"everything/get-sum", resource)
unless {
  context.input.a.lessThanOrEqual(decimal("1000.0")) &&
  context.input.b.lessThanOrEqual(decimal("1000.0"))
};

@id("not-in-chicago")
@message("Nobody asks for the weather in Chicago.")
forbid (principal, action == Action::"everything/get-structured-content", resource)
when { context.input.location == "Chicago" };

@id("nothing-classified")
@message("What is classified is not repeated.")
forbid (principal, action == Action::"everything/echo", resource)
when { context.input.message like "*classified*" };

@id("only-what-it-is-given")
permit (principal, action == Action::"everything/gzip-file-as-resource", resource)
when { context.input has data && context.input.data like "data:text/plain,*" };

@id("nothing-from-elsewhere")
@message("The server fetches nothing.")
forbid (principal, action == Action::"everything/gzip-file-as-resource", resource)
unless { context.input has data && context.input.data like "data:*" };

@id("files-below-the-root")
permit (principal, action == Action::"files/read_text_file", resource)
when { context.input.path like "${root}/*" };

@id("what-is-private-stays-so")
@message("Private files are for people.")
forbid (principal, action == Action::"files/read_text_file", resource)
when { context.input.path like "${root}/privé*" };

@id("the-note-and-no-other")
permit (principal, action == Action::"files/read_multiple_files", resource)
when { ["${root}/public/note.txt", "${root}/public/draft.txt"].containsAll(context.input.paths) };

@id("drafts-are-written")
permit (principal, action == Action::"files/write_file", resource)
when { context.input.path like "${root}/public/*.txt" };

@id("known-questions")
permit (principal, action == Action::"memory/search_nodes", resource)
when { ["kettle", "red"].contains(context.input.query) };

@id("the-vault-is-not-opened")
@message("The vault stays closed.")
forbid (principal, action == Action::"memory/open_nodes", resource)
when { context.input.names.contains("vault") };

@id("the-vault-is-not-deleted")
@message("The vault stays.")
forbid (principal, action == Action::"memory/delete_entities", resource)
when { context.input.entityNames.contains("vault") };

@id("observations-are-about-the-kettle")
@message("Only what is known of the kettle is noted.")
forbid (principal, action == Action::"memory/add_observations", resource)
unless {
  [
    { entityName: "kettle", contents: ["it whistles"] },
    { entityName: "kettle", contents: ["it whistles", "it leaks"] }
  ].containsAll(context.input.observations)
};

@id("memories-hold-no-personal-data")
@message("Memories hold no personal data.")
forbid (principal, action == Action::"memory/create_entities", resource)
unless { context.findings.personal.isEmpty() };

@id("relations-of-the-kettle")
permit (principal, action == Action::"memory/create_relations", resource)
when { [{ from: "kettle", to: "tea", relationType: "makes" }].containsAll(context.input.relations) };

@id("five-thoughts")
@message("Five thoughts are enough.")
forbid (principal, action == Action::"thinking/sequentialthinking", resource)
when { context.input.thoughtNumber > 5 || context.input.totalThoughts > 5 };

@id("branches-have-plain-names")
@message("Branches are called draft.")
forbid (principal, action == Action::"thinking/sequentialthinking", resource)
when { context.input has branchId && !(context.input.branchId like "draft-*") };
`;
