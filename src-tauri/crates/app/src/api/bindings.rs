use std::fmt::Write as _;

use ts_rs::{Config, TS};

use super::*;

/// The whole contract as TypeScript, for `ui/src/lib/api/bindings.ts`.
pub fn bindings() -> String {
    let config = Config::new().with_large_int("number");
    let mut out = String::from(
        "// Generated from src-tauri/crates/app/src/api by `make bindings`. Do not edit.\n",
    );
    macro_rules! types {
        ($($type:ty),+ $(,)?) => { $( push_type::<$type>(&mut out, &config); )+ };
    }
    types![
        ApiError,
        ErrorCode,
        RepoRef,
        RepoAt,
        RepoListRequest,
        RepoPage,
        RepoRow,
        RepoOverview,
        Card,
        Fact,
        FileList,
        FileRow,
        OpenHub,
        OpenLink,
        Session,
        SessionStage,
        UserName,
        CacheFound,
        Accounts,
        Account,
        NeedsSignIn,
        OrgOf,
        How,
        Kept,
        Keychain,
        KeychainState,
        Found,
        FoundSource,
        Ways,
        SignIn,
        Way,
        SignInState,
        StartSignIn,
        CheckToken,
        TokenReport,
        KeepToken,
        LookInside,
        Inside,
        StoredName,
        UseFound,
        AccountRef,
        AccountSwitch,
        SignOutPlan,
        OfRepo,
        Gate,
        GateState,
        GateMode,
        GateField,
        GateFieldKind,
        Settings,
        Appearance,
        ProxyUse,
        Checks,
        Check,
        Checked,
        CheckState,
        Reply,
        TransferSettings,
        LimitWindow,
        DownloadRequest,
        Selection,
        Into,
        StartDownload,
        DownloadPlan,
        Choices,
        Variant,
        VariantGroup,
        Fits,
        KnownFolder,
        TransferRef,
        MoveTransfer,
        RedirectTransfer,
        SetTransferClass,
        TransferFilesRequest,
        TransferFiles,
        TransferFile,
        FileState,
        Transfer,
        TransferKind,
        Chosen,
        Destination,
        TransferClass,
        TransferState,
        BlockReason,
        Stage,
        KnownSource,
        UploadRequest,
        CreateRepo,
        RepoVisibility,
        SpaceSdk,
        UploadOnto,
        UploadSource,
        UploadRemoval,
        StartUpload,
        UploadTargetsRequest,
        UploadTargets,
        AcknowledgeSecrets,
        PreviewRef,
        UploadPreview,
        PreviewStage,
        UploadPlan,
        FateCount,
        FileFate,
        PreviewFilesRequest,
        PreviewFiles,
        PreviewFile,
        UploadFinding,
        FindingKind,
        UploadResult,
        UploadedCommit,
        UploadedPullRequest,
        ChangeRef,
        UndoPlan,
        UndoFile,
        UndoFate,
        RearrangeRequest,
        RearrangeAct,
        CopySource,
        Rearranging,
        RearrangePlan,
        Obstacle,
        ObstacleKind,
        AnswerQuit,
        QuitAnswer,
        Tag,
        UiEvent,
        Toast,
        Board,
        Status,
    ];
    out.push_str(
        "\n/** Every command: what goes in and what comes out. */\nexport interface Commands {\n",
    );
    for command in COMMANDS {
        let (request, answer) = ((command.request)(&config), (command.answer)(&config));
        let doc = command.doc.trim();
        writeln!(
            out,
            "  /** {doc} */\n  {}: {{ request: {request}; answer: {answer} }};",
            command.name
        )
        .expect("writing to a string cannot fail");
    }
    out.push_str("}\n\n/** What each command's answer is made of. */\nexport const reads: Record<keyof Commands, readonly Tag[]> = {\n");
    for command in COMMANDS {
        let tags = serde_json::to_string(command.reads).expect("tags are plain text");
        writeln!(out, "  {}: {tags},", command.name).expect("writing to a string cannot fail");
    }
    out.push_str("};\n");
    out
}

fn push_type<T: TS>(out: &mut String, config: &Config) {
    if let Some(docs) = T::docs() {
        write!(out, "\n{}", docs.trim_end()).expect("writing to a string cannot fail");
    }
    write!(out, "\nexport {}\n", T::decl(config)).expect("writing to a string cannot fail");
}
